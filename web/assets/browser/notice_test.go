package browser

import (
	"bytes"
	"testing"

	"github.com/a-h/templ"

	"cnalab/web/lab"
	"cnalab/web/problem"
)

// draws is a component as an event brings it.
func draws(t *testing.T, c templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const (
	noticeShows = `!document.getElementById("notice").hidden`
	online      = `"online" in document.documentElement.dataset`
)

// A notice goes when its cause does, and not before.
func TestNoticesGoWithTheirCause(t *testing.T) {
	at := lab.At{Lab: "event-driven", Step: 3}
	conflict := problem.Fragment(problem.Problem{Say: "A check is running on this sandbox."})
	tests := map[string]struct{ begin, says, during, end func(s *server, p *tab) }{
		"a file that the server refuses": {
			begin: func(s *server, p *tab) { s.refuse("It is full."); p.write("// one\n") },
			says:  says("#notice", consumer+": It is full."),
			during: func(s *server, p *tab) {
				s.send("swap", draws(t, lab.StagesView(lab.Sandbox{At: at, State: lab.Open})))
			},
			end: func(s *server, p *tab) { s.refuse(""); p.write("// two\n") },
		},
		"a form that waits for what was typed": {
			begin: func(s *server, p *tab) {
				s.refuse("It is full.")
				p.write("// one\n")
				p.says("#notice", "It is full.")
				p.click("#check")
			},
			says: says("#notice", "so nothing was done"),
			end:  func(s *server, p *tab) { s.refuse(""); p.write("// two\n") },
		},
		"what cannot be done while a check runs": {
			begin: func(s *server, p *tab) {
				s.send("swap", draws(t, lab.ResultBarView(lab.ResultBar{At: at, Verdict: lab.Checking})))
				p.says("#result-bar", "checking")
				s.send("swap", draws(t, conflict))
			},
			says: says("#notice", "A check is running"),
			during: func(s *server, p *tab) {
				s.send("swap", draws(t, lab.ResultBarView(lab.ResultBar{At: at, Verdict: lab.Checking, Doing: lab.Builds})))
			},
			end: func(s *server, p *tab) {
				s.send("swap", draws(t, lab.ResultBarView(lab.ResultBar{At: at, Verdict: lab.Passed})))
			},
		},
		"what could not be done, when something else is": {
			begin: func(s *server, p *tab) { s.send("swap", draws(t, conflict)) },
			says:  says("#notice", "A check is running"),
			end:   func(s *server, p *tab) { p.click("#solution form button") },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			p := open(t, s.URL+stepPath)
			p.workbench()
			p.wait("the events", online)
			test.begin(s, p)
			test.says(s, p)
			if test.during != nil {
				test.during(s, p)
				s.send("swap", draws(t, lab.StatusView(lab.Sandbox{At: at, State: lab.Opening})))
				p.says("#status", "sandbox opening") // what was sent before it is there too
			}
			if !js[bool](p, noticeShows) {
				t.Error("it goes before its cause does")
			}
			test.end(s, p)
			p.wait("it to go", "!("+noticeShows+")")
		})
	}
}

func says(selector, text string) func(*server, *tab) {
	return func(_ *server, p *tab) { p.Helper(); p.says(selector, text) }
}

// What the server says is taken for nobody else's: an offer to undo stays when
// a file is saved.
func TestAnOfferToUndoStays(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.wait("the events", online)
	s.refuse("It is full.")
	p.write("// one\n")
	p.says("#notice", "It is full.")
	s.send("swap", draws(t, lab.NoticeView(lab.Notice{At: lab.At{Lab: "event-driven", Step: 3}, Say: "The lab is as it was given.", Undo: true})))
	p.says("#notice", "as it was given")
	s.refuse("")
	p.write("// two\n")
	p.wait("the text to be saved", `document.querySelector("[data-saved]").dataset.state === "saved"`)
	if !js[bool](p, noticeShows) {
		t.Error("it went with a save")
	}
}

// The header's dot says in a word that the server is away, and takes it back.
func TestTheStatusSaysThatTheServerIsAway(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.wait("the events", online)
	shown := `[...document.querySelectorAll("#status > *")].filter(e => e.checkVisibility() && e.textContent).map(e => e.textContent).join(" ")`
	if got := js[string](p, shown); got == "" || got == "server away" {
		t.Errorf("while it is there the status says %q", got)
	}
	s.leave(true)
	p.wait("the word", shown+` === "server away"`)
	s.leave(false)
	p.wait("the word to go", "!("+shown+`).includes("server away")`)
}

// An answer to what the page asked takes the place of nothing that events have
// brought meanwhile: it may be older.
func TestALateAnswerOvertakesNothing(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.wait("the events", online)
	asked, answer := s.holdPage()
	s.write("order/new.go", "package main\n") // a file that the tree lacks: the page asks for the tree
	<-asked
	at := lab.At{Lab: "event-driven", Step: 3}
	s.send("swap", draws(t, lab.TreeView(lab.Files{At: at, Paths: []string{consumer, "order/newer.go"}})))
	p.wait("the tree of the event", `document.querySelector("#tree a[data-file='order/newer.go']")`)
	close(answer)
	p.wait("the answer", `performance.getEntriesByType("resource").some(e => e.name.endsWith("/steps/3") && e.responseEnd > 0)`)
	js[any](p, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))`)
	if !js[bool](p, `!!document.querySelector("#tree a[data-file='order/newer.go']")`) {
		t.Error("an older tree took the place of a newer one")
	}
}
