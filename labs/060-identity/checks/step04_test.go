//go:build lab

package checks

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/proc"
)

// Scopes decide: who may read cannot write, and the other way round.
func TestStep04_Scopes(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.passes("that is right", s.issuer.right())
	for _, one := range []struct {
		scope       any
		read, write int
	}{
		{"orders:read", http.StatusOK, http.StatusForbidden},
		{"orders:write", http.StatusForbidden, http.StatusCreated},
		{"openid orders:write orders:read", http.StatusOK, http.StatusCreated},
		{"orders:readonly orders:write-all", http.StatusForbidden, http.StatusForbidden},
		{"orders", http.StatusForbidden, http.StatusForbidden},
		{"ORDERS:READ", http.StatusForbidden, http.StatusForbidden},
		{"", http.StatusForbidden, http.StatusForbidden},
		{nil, http.StatusForbidden, http.StatusForbidden},
	} {
		token := s.issuer.signer.token(s.issuer.claims().with(claims{"scope": one.scope}))
		s.allows("GET /orders", "orders:read", one.scope, one.read, s.get(token))
		s.allows("POST /orders", "orders:write", one.scope, one.write, s.post(token))
	}
}

func (s *shop) allows(request, needs string, scope any, want int, got answer) {
	s.Helper()
	if got.Status != want {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("%s with the scope %q has another status than the step asks for.", request, fmt.Sprint(scope)), Got: short(got), Want: want, At: "order/main.go",
			Next: "GET needs orders:read and POST needs orders:write, each as a whole word of the claim scope; who lacks it gets 403.", Output: s.printed(),
		})
	}
	if challenge := got.Header.Get("WWW-Authenticate"); want == http.StatusForbidden &&
		(!asksForBearer(got) || parameter(challenge, "error") != "insufficient_scope" || !contains(strings.Fields(parameter(challenge, "scope")), needs)) {
		s.NotYet(check.Finding{
			Say: "A 403 does not say which scope is missing.", Got: "WWW-Authenticate: " + challenge, Want: fmt.Sprintf("WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=%q", needs), At: "order/main.go",
			Next: "Set the header WWW-Authenticate, as RFC 6750 has it.",
		})
	}
}

// parameter is the value of that name in a challenge, such as scope in Bearer scope="x".
func parameter(challenge, name string) string {
	_, all, _ := strings.Cut(challenge, " ")
	for one := range strings.SplitSeq(all, ",") {
		if key, value, _ := strings.Cut(strings.TrimSpace(one), "="); strings.EqualFold(key, name) {
			if plain, err := strconv.Unquote(value); err == nil {
				return plain
			}
			return value
		}
	}
	return ""
}

// The program restock gets a token of its own by its client credentials, and orders with it.
func TestStep04_Restock(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.issuer.mu.Lock()
	s.issuer.access = s.issuer.signer.token(s.issuer.claims().with(claims{"sub": "restock", "scope": "orders:write"}))
	s.issuer.mu.Unlock()
	run := func(secret string) *proc.Running {
		return proc.Build(s.C, "restock").Run(15*time.Second, proc.Call{Env: []string{"SERVICE_IDENTITY=" + s.issuer.url, "SERVICE_GATEWAY=" + s.gateway,
			"CLIENT_ID=lamp-job", "CLIENT_SECRET=" + secret}})
	}
	r := run("a secret/of+its own")
	exit, _ := r.Exit()
	all := s.issuer.requests()
	last := ""
	if len(all) > 0 {
		last = all[len(all)-1].id
	}
	if len(all) != 1 || !all[0].redeem || !all[0].basic {
		s.NotYet(check.Finding{
			Say: "The program restock does not ask for a token with its client's id and secret.", Got: fmt.Sprintf("%d requests at the token endpoint, of the client %q", len(all), last), Want: "one, of the client lamp-job, with grant_type=client_credentials, and id and secret as HTTP Basic",
			At: "restock/main.go", Next: "Take them from CLIENT_ID and CLIENT_SECRET, and send them by request.SetBasicAuth.", Output: r.Output(),
		})
	}
	if scope := all[0].form.Get("scope"); scope != "orders:write" {
		s.NotYet(check.Finding{Say: "The program restock asks for other scopes than it needs.", Got: scope, Want: "orders:write", At: "restock/main.go", Next: "It places orders and reads none: ask for no more than that."})
	}
	id := strings.TrimSpace(strings.Join(r.Lines(), "\n"))
	if !exit.OK() || id == "" {
		s.NotYet(check.Finding{Say: "The program restock does not place its order.", Got: exit.Say, Want: "the order's id on a line, and exit status 0", At: "restock/main.go", Next: "Send the access token as Authorization: Bearer to the gateway.", Output: r.Output()})
	}
	var own []struct{ ID string }
	mine := s.passes("that is right", s.issuer.signer.token(s.issuer.claims().with(claims{"sub": "restock"})))
	if json.Unmarshal([]byte(mine.Body), &own) != nil || len(own) != 1 || own[0].ID != id {
		s.NotYet(check.Finding{Say: "The program restock prints another id than that of its order.", Got: id, Want: short(mine), At: "restock/main.go", Next: "Reset restock/main.go where you have changed more than the token."})
	}
	refused := run("wrong")
	if exit, _ := refused.Exit(); exit.OK() { // though there is a token in the answer
		s.NotYet(check.Finding{Say: "The program restock ends with 0 where the identity service refuses its secret.", Got: exit.Say, Want: "an error, and exit status 1", At: "restock/main.go", Next: "Return an error where the answer is not 200."})
	}
	if stdout, stderr := refused.Printed(); strings.TrimSpace(stdout+stderr) == "" {
		s.NotYet(check.Finding{Say: "The program restock fails, and does not say why.", Got: "nothing printed", Want: "an error, and exit status 1", At: "restock/main.go", Next: "Print the error before the program ends."})
	}
	s.issuer.mu.Lock()
	s.issuer.access = s.issuer.signer.token(s.issuer.claims().with(claims{"sub": "restock", "scope": "orders:read"}))
	s.issuer.mu.Unlock()
	if exit, _ := run("a secret/of+its own").Exit(); exit.OK() {
		s.NotYet(check.Finding{Say: "The program restock ends with 0 where the gateway refuses its order.", Got: exit.Say, Want: "an error, and exit status 1", At: "restock/main.go", Next: "Look at each error before you go on."})
	}
}

// A person signs in at the identity service of your sandbox, and orders.
func TestStep04_Sandbox(t *testing.T) {
	t.Parallel()
	c := check.New(t)
	r := openSandbox(c)
	jar, _ := cookiejar.New(nil)
	b := &http.Client{Jar: jar, Timeout: answering, CheckRedirect: client.CheckRedirect}
	step := func(what string, response *http.Response, err error) *url.URL {
		c.Helper()
		if err != nil {
			c.NotYet(check.Finding{Say: "Signing in at your sandbox breaks off: an address does not answer.", Got: err.Error(), Want: what, At: "gateway", Next: "Redirect to what the discovery document says, and come back to PUBLIC_URL.", Output: c.LogSince("gateway", "identity")})
		}
		defer response.Body.Close()
		to, err := response.Location()
		if err != nil {
			c.NotYet(check.Finding{Say: "Signing in at your sandbox breaks off.", Got: response.Status, Want: what, At: "gateway", Next: "Read the logs of the gateway and of identity.", Output: c.LogSince("gateway", "identity")})
		}
		return to
	}
	response, err := b.Get(r.gateway + "/login")
	to := step("a redirect to the identity service", response, err)
	response, err = b.Get(to.String())
	to = step("a redirect to the sign-in page", response, err)
	response, err = b.PostForm(to.Scheme+"://"+to.Host+"/login", url.Values{"id": {to.Query().Get("id")}, "username": {"mina"}, "password": {"teapot"}})
	to = step("a redirect back", response, err)
	response, err = b.Get(to.String())
	to = step("a redirect to the gateway's callback", response, err)
	response, err = b.Get(to.String())
	to = step("a redirect into the shop", response, err)
	if response.StatusCode/100 != 3 {
		c.NotYet(check.Finding{Say: "Signing in at your sandbox breaks off.", Got: response.Status, Want: "a redirect into the shop", At: "gateway", Next: "Read the logs of the gateway and of identity.", Output: c.LogSince("gateway", "identity")})
	}
	if to.Path != "/orders" {
		c.NotYet(check.Finding{Say: "After a right sign-in the browser does not come back to /orders.", Got: to.Path, Want: "/orders", At: "gateway", Next: "Redirect to /orders when the session has begun."})
	}
	response, err = b.Post(r.gateway+"/orders", "application/json", strings.NewReader(`{"sku": "teapot", "quantity": 1}`))
	c.Must(err, "The gateway does not answer.")
	defer response.Body.Close()
	var placed struct{ Customer string }
	if json.NewDecoder(response.Body).Decode(&placed) != nil || response.StatusCode != http.StatusCreated || placed.Customer != "mina" {
		c.NotYet(check.Finding{
			Say: "Mina has signed in at your sandbox, and cannot order.", Got: fmt.Sprintf("%s, customer %q", response.Status, placed.Customer), Want: "201, and the customer mina", At: "gateway", Next: "Read the logs of the gateway and of order.", Output: c.LogSince("gateway", "order"),
		})
	}
}
