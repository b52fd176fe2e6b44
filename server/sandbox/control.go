package sandbox

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"cnalab/labs"
)

// Control lets checks, which run in a process of their own, break and heal a
// sandbox's parts. It listens on loopback only and answers only those who
// have its token. Every provider uses the same one.
type Control struct {
	sandbox Sandbox
	address string
	token   string
	server  *http.Server
}

// NewControl starts the control server of a sandbox. The sandbox is not asked
// anything before the first request comes.
func NewControl(s Sandbox) (*Control, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start control server: %w", err)
	}
	c := &Control{sandbox: s, address: listener.Addr().String(), token: rand.Text()}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /fault", c.fault)
	mux.HandleFunc("POST /heal", c.heal)
	mux.HandleFunc("GET /parts", c.parts)
	mux.HandleFunc("GET /log", c.log)
	c.server = &http.Server{Handler: c.guard(mux), ReadHeaderTimeout: 5 * time.Second}
	go c.server.Serve(listener)
	return c, nil
}

// URL is the server's address with its token as user; see labs.EnvControl.
func (c *Control) URL() string { return "http://" + c.token + "@" + c.address }

// Close ends the server at once.
func (c *Control) Close() error { return c.server.Close() }

func (c *Control) guard(next http.Handler) http.Handler {
	want := []byte("Bearer " + c.token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := []byte(r.Header.Get("Authorization"))
		if subtle.ConstantTimeCompare(got, want) != 1 {
			refuse(w, http.StatusUnauthorized, "The control server needs its token.", "Send it as Authorization: Bearer TOKEN.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (c *Control) fault(w http.ResponseWriter, r *http.Request) {
	kind := labs.FaultKind(r.FormValue("kind"))
	if !slices.Contains(labs.FaultKinds, kind) {
		refuse(w, http.StatusBadRequest, fmt.Sprintf("There is no fault %q.", kind), fmt.Sprintf("Choose one of %v.", labs.FaultKinds))
		return
	}
	var delay time.Duration
	if text := r.FormValue("delay"); text != "" {
		var err error
		if delay, err = time.ParseDuration(text); err != nil || delay < 0 {
			refuse(w, http.StatusBadRequest, fmt.Sprintf("%q is not a delay.", text), "Write it like 200ms or 2s.")
			return
		}
	}
	answer(w, c.sandbox.Fault(r.Context(), r.FormValue("part"), Fault{Kind: kind, Delay: delay}))
}

func (c *Control) heal(w http.ResponseWriter, r *http.Request) {
	answer(w, c.sandbox.Heal(r.Context(), r.FormValue("part")))
}

func (c *Control) parts(w http.ResponseWriter, _ *http.Request) {
	parts := []controlPart{}
	for _, p := range c.sandbox.Parts() {
		parts = append(parts, controlPart(p))
	}
	send(w, http.StatusOK, parts)
}

func (c *Control) log(w http.ResponseWriter, r *http.Request) {
	count, err := strconv.Atoi(r.FormValue("lines"))
	if err != nil || count < 0 {
		count = 200
	}
	lines := []controlLine{}
	for _, l := range c.sandbox.Log(r.FormValue("part"), count) {
		lines = append(lines, controlLine(l))
	}
	send(w, http.StatusOK, lines)
}

// controlPart and controlLine are Part and Line as they travel.
type controlPart struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	State   State  `json:"state"`
	Address string `json:"address"`
	Say     string `json:"say"`
	Detail  string `json:"detail"`
}

type controlLine struct {
	Part string    `json:"part"`
	Time time.Time `json:"time"`
	Text string    `json:"text"`
}

func answer(w http.ResponseWriter, err error) {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	problem := labs.AsProblem(err)
	status := http.StatusInternalServerError
	switch problem.Kind {
	case labs.NotFound:
		status = http.StatusNotFound
	case labs.BadInput:
		status = http.StatusBadRequest
	}
	refuse(w, status, problem.Say, problem.Next)
}

func refuse(w http.ResponseWriter, status int, say, next string) {
	send(w, status, map[string]string{"say": say, "next": next})
}

func send(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}
