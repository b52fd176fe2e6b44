package docker

import (
	"strings"
	"testing"
)

// However what is printed is cut into pieces, all but the mark is passed on,
// nothing waits for what comes next, and the mark ends it.
func TestRelay(t *testing.T) {
	const mark = "\x1eMARK"
	for _, pieces := range [][]string{
		{"one\n", "two\n", mark},
		{"one\ntwo\n" + mark},
		{"one\ntwo\n\x1eMA", "RK"},
		{"one\ntwo\n\x1e", "M", "A", "R", "K"},
	} {
		r := &relay{mark: []byte(mark)}
		r.Write([]byte("nobody's\n"))
		var got strings.Builder
		ended := r.to(&got)
		for _, piece := range pieces {
			r.Write([]byte(piece))
		}
		select {
		case <-ended:
		default:
			t.Errorf("%q: it has not ended", pieces)
		}
		r.Write([]byte("nobody's\n"))
		if got.String() != "one\ntwo\n" {
			t.Errorf("%q: got %q", pieces, got.String())
		}
	}
}

// What only looks like the mark is a program's own.
func TestRelayPassesOnWhatIsNotTheMark(t *testing.T) {
	r := &relay{mark: []byte("\x1eMARK")}
	var got strings.Builder
	ended := r.to(&got)
	for _, piece := range []string{"a line\n", "\x1eMA", "X of \x1eMARK in a line\n"} {
		r.Write([]byte(piece))
	}
	select {
	case <-ended:
		t.Error("it has ended")
	default:
	}
	if want := "a line\n\x1eMAX of \x1eMARK in a line\n"; got.String() != want {
		t.Errorf("got %q, want %q", got.String(), want)
	}
}
