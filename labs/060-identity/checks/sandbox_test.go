//go:build lab

package checks

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"cnalab/labs"
	"cnalab/labs/check"
)

// sandbox is the lab's own: the real identity service, gateway and order.
type sandbox struct {
	*check.C
	identity, gateway, order string
}

func openSandbox(c *check.C) *sandbox {
	c.Helper()
	for _, name := range []string{"identity", "gateway", "order"} {
		c.Service(name) // which ends the check where it is down
	}
	at := func(name string) string { return strings.TrimSuffix(os.Getenv(labs.EnvService(name)), "/") }
	return &sandbox{c, at("identity"), at("gateway"), at("order")}
}

func (r *sandbox) ask(method, url string, body any, headers map[string]string) answer {
	r.Helper()
	got, err := try(r.Context, method, url, body, headers)
	if err != nil {
		r.Alive("gateway", "order")
		r.NotYet(check.Finding{
			Say: "A request of the check's gets no answer.", Got: err.Error(), Want: "an answer within 10 s", At: "token",
			Next: "Read the logs of order and of the gateway.", Output: r.LogSince("gateway", "order"),
		})
	}
	return got
}

// form sends a form to the identity service, and decodes its answer.
func (r *sandbox) form(path string, form url.Values, into any, basic ...string) (status int, header http.Header) {
	r.Helper()
	request, err := http.NewRequestWithContext(r.Context, http.MethodPost, r.identity+path, strings.NewReader(form.Encode()))
	r.Must(err, "The check could not ask the identity service.")
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if len(basic) == 2 {
		request.SetBasicAuth(basic[0], basic[1])
	}
	response, err := client.Do(request)
	r.Must(err, "The identity service does not answer.")
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	r.Must(err, "The identity service does not answer.")
	if into != nil {
		r.Must(json.Unmarshal(text, into), "The identity service does not answer as it should.")
	}
	return response.StatusCode, response.Header
}

// restock is a token that the identity service gives to the client restock.
func (r *sandbox) restock(scope string) string {
	r.Helper()
	var given struct {
		Access string `json:"access_token"`
	}
	r.form("/oauth/token", url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}, &given, "restock", "restock-secret")
	if given.Access == "" {
		r.CouldNotCheck(check.Finding{Say: "The identity service gives no token.", Next: "Restart the part identity, then check again.", Output: r.LogSince("identity")})
	}
	return given.Access
}
