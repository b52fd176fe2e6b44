//go:build lab

// Package checks looks whether gateway and order believe what they should, and
// nothing else. Most of it asks processes of their own, which trust an identity
// service of the check's: it signs tokens that the real one never would.
package checks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"cnalab/labs/check"
	"cnalab/labs/check/proc"
)

const (
	answering = 10 * time.Second // how long an answer may take
	starting  = 15 * time.Second // how long a service may take to listen
)

// shop is a gateway and an order, in processes of the check's own.
type shop struct {
	*check.C
	issuer         *issuer
	gateway, order string // base URLs
	programs       []*proc.Running
}

// open starts gateway and order, which trust the issuer.
func open(t *testing.T) *shop {
	t.Helper()
	c := check.New(t)
	return start(c, newIssuer(c), "", "")
}

// start starts gateway and order. Where there is an address, something of the
// check's stands in for order, or for the gateway.
func start(c *check.C, i *issuer, order, gateway string) *shop {
	c.Helper()
	s := &shop{C: c, issuer: i, order: order, gateway: gateway}
	if gateway == "" {
		s.gateway = "http://" + s.FreeAddress()
	}
	if order == "" {
		s.order = "http://" + s.FreeAddress()
		s.run("order", s.order)
	}
	if gateway == "" {
		s.run("gateway", s.gateway)
	}
	return s
}

// run starts one service, and returns when it listens.
func (s *shop) run(name, url string) {
	s.Helper()
	address := strings.TrimPrefix(url, "http://")
	program := proc.BuildService(s.C, name).Start(proc.Call{Env: []string{"SERVICE=" + name, "ADDR=" + address, "PUBLIC_URL=" + url,
		"SERVICE_ORDER=" + s.order, "SERVICE_GATEWAY=" + s.gateway, "SERVICE_IDENTITY=" + s.issuer.url}})
	s.programs = append(s.programs, program)
	listens := s.Within(starting, func() bool {
		if _, over := program.Exit(); over {
			return true
		}
		connection, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			return false
		}
		connection.Close()
		return true
	})
	if _, over := program.Exit(); over || !listens {
		program.Sound()
		s.CouldNotCheck(check.Finding{
			Say:  "The check started " + name + " with an identity service of its own, and it does not listen.",
			Next: "Read what it printed. It finds where to listen in ADDR, and the others in SERVICE_IDENTITY, SERVICE_ORDER and SERVICE_GATEWAY.", Output: program.Output(),
		})
	}
}

// everything is all that a program has printed.
func everything(program *proc.Running) string {
	stdout, stderr := program.Printed()
	return stdout + stderr
}

// secret ends the check as not yet where a program has logged the text: the
// signature of a token, without which the rest of it is worth nothing.
func (s *shop) secret(what, token string) {
	s.Helper()
	signature := token[strings.LastIndex(token, ".")+1:]
	who := ""
	logged := func() bool {
		for _, program := range s.programs {
			if strings.Contains(everything(program), signature) {
				who = program.Name
				return true
			}
		}
		return false
	}
	if s.Within(150*time.Millisecond, logged) {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("The log of %s holds %s: whoever reads the log can use it.", who, what), Got: "the whole of it", Want: "what is wrong, and no token", At: s.FirstFile(who + "/main.go"),
			Next: "Log the error, and no header or token.",
		})
	}
}

// answer is what came back.
type answer struct {
	Status int
	Header http.Header
	Body   string
}

// client follows no redirect, and keeps no cookie.
var client = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// try makes one request; it may be called from any goroutine.
func try(ctx context.Context, method, url string, body any, headers map[string]string) (answer, error) {
	var text []byte
	if body != nil {
		text, _ = json.Marshal(body)
	}
	ctx, cancel := context.WithTimeout(ctx, answering)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(text))
	if err != nil {
		return answer{}, err
	}
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	return answer{response.StatusCode, response.Header, string(got)}, err
}

// ask makes a request, and ends the check where no answer comes.
func (s *shop) ask(method, url string, body any, headers map[string]string) answer {
	s.Helper()
	got, err := try(s.Context, method, url, body, headers)
	if err != nil {
		for _, program := range s.programs {
			program.Sound()
		}
		silent := check.Finding{
			Say: "A request of the check's gets no answer.", Got: err.Error(), Want: "an answer within 10 s", At: "token",
			Next: "Read what gateway and order printed: one may have panicked, or wait without a deadline.", Output: s.printed(),
		}
		if _, err := try(s.Context, http.MethodGet, s.gateway+"/nothing", nil, nil); err != nil {
			s.CouldNotCheck(silent) // it answers nothing at all: the machine may be too busy
		}
		s.NotYet(silent)
	}
	return got
}

// get asks the gateway for the orders, with a bearer token.
func (s *shop) get(token string) answer {
	s.Helper()
	return s.ask(http.MethodGet, s.gateway+"/orders", nil, bearer(token))
}

// post places an order at the gateway, with a bearer token.
func (s *shop) post(token string) answer {
	s.Helper()
	return s.ask(http.MethodPost, s.gateway+"/orders", lamp, bearer(token))
}

// lamp is an order of one lamp.
var lamp = map[string]any{"sku": "lamp", "quantity": 1}

func bearer(token string) map[string]string {
	return map[string]string{"Authorization": "Bearer " + token}
}

// printed is what the programs have printed.
func (s *shop) printed() string {
	var all strings.Builder
	for _, program := range s.programs {
		fmt.Fprintf(&all, "%s:\n%s\n", program.Name, program.Output())
	}
	return all.String()
}

// passes ends the check as not yet where a right token is refused.
func (s *shop) passes(what, token string) answer {
	s.Helper()
	got := s.get(token)
	if got.Status != http.StatusOK {
		s.NotYet(check.Finding{
			Say: fmt.Sprintf("GET /orders at the gateway refuses a token %s.", what), Got: short(got), Want: http.StatusOK, At: "token",
			Next: "Read what order and gateway printed: they know why the token was refused.", Output: s.printed(),
		})
	}
	return got
}

// refused ends the check as not yet where a bad token is let through, or the
// answer does not say how to do better.
func (s *shop) refused(what, token, next string) {
	s.Helper()
	s.unauthorized(fmt.Sprintf("GET /orders lets a token through %s.", what), next, s.get(token))
}

// unauthorized ends the check as not yet unless the answer is a whole 401.
func (s *shop) unauthorized(say, next string, got answer) {
	s.Helper()
	switch {
	case got.Status/100 == 2:
		s.NotYet(check.Finding{Say: say, Got: short(got), Want: http.StatusUnauthorized, At: "token", Next: next, Output: s.printed()})
	case got.Status != http.StatusUnauthorized:
		s.NotYet(check.Finding{
			Say: "A request that proves nothing is answered, and not with 401.", Got: short(got), Want: http.StatusUnauthorized, At: "token",
			Next: next, Output: s.printed(),
		})
	case !asksForBearer(got):
		s.NotYet(check.Finding{
			Say: "A 401 of GET /orders does not say what is asked for.", Got: "WWW-Authenticate: " + got.Header.Get("WWW-Authenticate"), Want: "WWW-Authenticate: Bearer",
			At: "token", Next: "Set the header WWW-Authenticate on each 401.",
		})
	}
}

// asksForBearer reports whether an answer asks for a bearer token; what stands
// behind the word is free.
func asksForBearer(a answer) bool {
	scheme, _, _ := strings.Cut(a.Header.Get("WWW-Authenticate"), " ")
	return strings.EqualFold(scheme, "Bearer")
}

// short is an answer in one line. What the body says is the learner's own text.
func short(a answer) string {
	body := strings.TrimSpace(fmt.Sprintf("%.200s", a.Body))
	if body == "" {
		return fmt.Sprintf("answered %d", a.Status)
	}
	return fmt.Sprintf("answered %d with the text %s", a.Status, body)
}
