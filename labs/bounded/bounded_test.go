package bounded

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestTheBeginningIsKept(t *testing.T) {
	full := 0
	b := &Buffer{Limit: 10, Full: func() { full++ }}
	for _, text := range []string{"one\r\n", "two", "\nthree\n", "four\n"} {
		if n, err := io.Copy(b, strings.NewReader(text)); int(n) != len(text) || err != nil {
			t.Errorf("%q: %d bytes were taken, %v", text, n, err)
		}
	}
	if b.String() != "one\r\ntwo\nt" || !b.Overflowed() || full != 1 {
		t.Errorf("it keeps %q, overflowed %v, told %d times", b.String(), b.Overflowed(), full)
	}
	lines, next := b.Lines(0)
	if !slices.Equal(lines, []string{"one", "two"}) || next != 9 {
		t.Errorf("lines %q, then %d", lines, next)
	}
	if lines, next := b.Lines(next); len(lines) != 0 || next != 9 {
		t.Errorf("then lines %q, then %d", lines, next)
	}
}

func TestWhatFitsIsNoOverflow(t *testing.T) {
	b := &Buffer{Limit: 3}
	io.WriteString(b, "one")
	if b.Overflowed() {
		t.Error("it overflowed")
	}
	io.WriteString(b, "!")
	if b.String() != "one" || !b.Overflowed() {
		t.Errorf("it keeps %q, overflowed %v", b.String(), b.Overflowed())
	}
}
