package browser

import (
	"fmt"
	"testing"
	"time"
)

// A page that nobody sees leaves its connection to those in sight, and is right
// again when it is looked at.
func TestAHiddenPageListensNotLong(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.wait("the events", online)
	sight := func(state string) {
		js[any](p, fmt.Sprintf(`void (Object.defineProperty(document, "visibilityState", { value: %q, configurable: true }), document.dispatchEvent(new Event("visibilitychange")))`, state))
	}
	sight("hidden")
	sight("visible") // a look aside
	sight("hidden")
	for deadline := time.Now().Add(30 * time.Second); s.streams() > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d streams of a page that is hidden", s.streams())
		}
	}
	if !js[bool](p, `document.getElementById("offline").hidden`) {
		t.Error("it says that the server is away")
	}
	s.write(consumer, "package elsewhere\n")
	sight("visible")
	p.wait("what was missed", editor+`.textContent.includes("package elsewhere")`)
	if got := s.streams(); got != 1 {
		t.Errorf("%d streams of one page", got)
	}
}

// A server that hangs, with its connections open, is as away as one that is gone.
func TestAHangingServerIsAway(t *testing.T) {
	s := serve(t)
	s.beat = 200 * time.Millisecond
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.wait("the events", online)
	js[any](p, `new Promise(done => setTimeout(done, 1500))`) // many signs of life
	if !js[bool](p, online+` && document.getElementById("offline").hidden`) {
		t.Fatal("a server that answers is away")
	}
	s.hang(true)
	p.says("#offline", "The server does not answer.")
	s.hang(false)
	p.wait("the events again", online+` && document.getElementById("offline").hidden`)
}

// A file that cannot be read now is no file that is not there.
func TestAFileIsAskedForWhileTheServerIsAway(t *testing.T) {
	s := serve(t)
	p := open(t, s.URL+stepPath)
	p.workbench()
	p.wait("the events", online)
	s.leave(true)
	p.click(`#tree a[data-file="order/outbox.go"]`)
	p.says("#notice", "The server does not answer.")
	if js[bool](p, `!!document.querySelector("dialog[open]")`) {
		t.Error("it asks for a new file")
	}
	s.leave(false)
	p.click(`#tree a[data-file="order/outbox.go"]`)
	p.wait("the file", editor+`.textContent.includes("package main") && !(`+noticeShows+`)`)
}
