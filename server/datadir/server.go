package datadir

import (
	"encoding/json"
	"fmt"
	"os"

	"cnalab/labs"
)

// Server is what server.json tells other commands of the server.
type Server struct {
	URL   string `json:"url"`
	Token string `json:"token"`
	PID   int    `json:"pid"`
}

// SignIn is the address that lets a browser in.
func (s Server) SignIn() string { return s.URL + "/?token=" + s.Token }

// Announce writes server.json; Withdraw takes it away.
func (d Dir) Announce(s Server) error {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("encode server.json: %w", err)
	}
	return d.write("server.json", text)
}

// Withdraw removes server.json, unless it is another server's by now.
func (d Dir) Withdraw() {
	if s, ok := d.announced(); ok && s.PID == os.Getpid() {
		os.Remove(d.Path("server.json"))
	}
}

// Server returns the server that runs on the folder. A server.json that
// nobody holds the lock of is left over from one that was killed.
func (d Dir) Server() (Server, bool) {
	s, ok := d.announced()
	if !ok {
		return Server{}, false
	}
	if file, err := d.Lock(); err == nil {
		file.Close()
		return Server{}, false
	}
	return s, true
}

// announced returns what server.json says; it may be of a server that has died.
func (d Dir) announced() (Server, bool) {
	var s Server
	text, err := os.ReadFile(d.Path("server.json"))
	if err != nil || json.Unmarshal(text, &s) != nil || s.URL == "" {
		return Server{}, false
	}
	return s, true
}

func (d Dir) inUse() error {
	p := &labs.Problem{Kind: labs.Conflict,
		Say:  fmt.Sprintf("Another server uses the data folder %s.", d),
		Next: "End it, or give this one a folder of its own with --data DIR."}
	if s, ok := d.announced(); ok {
		p.Say = fmt.Sprintf("Another server, process %d, uses the data folder %s.", s.PID, d)
		p.Next = fmt.Sprintf("Open it at %s, or give this one a folder of its own with --data DIR.", s.SignIn())
	}
	return p
}
