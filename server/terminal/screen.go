package terminal

import (
	"context"
	"errors"
	"io"
)

// errSlow is what a page gets that did not show what it was sent.
var errSlow = errors.New("the page is too slow")

// Screen is one page that looks at a shell.
type Screen struct {
	shell  *Shell
	from   int64 // where it begins
	behind int64 // where what it begins with ends: it was printed before
	sent   int64
	shown  int64
	gone   bool
}

// Attach shows the shell to a page that has seen it up to the place; all that
// is kept where that is not there any more, or is negative.
func (s *Shell) Attach(seen int64) *Screen {
	s.mu.Lock()
	defer s.mu.Unlock()
	if seen < s.out.begin() || seen > s.out.end {
		if seen = s.out.begin(); seen > 0 {
			seen = s.out.lineFrom(seen)
		}
	}
	screen := &Screen{shell: s, from: seen, behind: s.out.end, sent: seen, shown: seen}
	s.screens[screen] = true
	return screen
}

// From is the place of the first byte that Next returns.
func (c *Screen) From() int64 { return c.from }

// Behind is the place up to which bytes were printed before the page looked.
// A question of theirs to the terminal was answered then.
func (c *Screen) Behind() int64 { return c.behind }

// Next waits for what the shell prints; io.EOF means that it has ended. It
// returns a part of p.
func (c *Screen) Next(ctx context.Context, p []byte) ([]byte, error) {
	s := c.shell
	stop := context.AfterFunc(ctx, func() { s.mu.Lock(); defer s.mu.Unlock(); s.changed.Broadcast() })
	defer stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case c.gone:
			return nil, errSlow
		case c.sent < s.out.end:
			n := s.out.read(p, c.sent)
			c.sent += int64(n)
			return p[:n], nil
		case s.over && s.why != "":
			return nil, io.EOF
		}
		s.changed.Wait()
	}
}

// Why is why the shell has ended, after Next returned io.EOF.
func (c *Screen) Why() Why {
	c.shell.mu.Lock()
	defer c.shell.mu.Unlock()
	return c.shell.why
}

// Shown says up to which place the page has shown what it got.
func (c *Screen) Shown(place int64) {
	s := c.shell
	s.mu.Lock()
	defer s.mu.Unlock()
	c.shown = min(max(c.shown, place), c.sent)
	s.changed.Broadcast()
}

// Close takes the page away. The shell goes on.
func (c *Screen) Close() {
	s := c.shell
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.screens, c)
	s.changed.Broadcast()
}

// letGo takes a page away that has shown nothing more since.
func (s *Shell) letGo(c *Screen, before int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c.shown == before {
		c.gone = true
		delete(s.screens, c)
	}
	s.changed.Broadcast()
}
