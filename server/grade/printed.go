package grade

import "strings"

// eventCost is added to each piece of output, because a million short lines
// cost more than one long one.
const eventCost = 64

// output keeps what a check printed, without the lines the test framework
// adds. A finding too long for one event comes as output, in pieces.
func (p *pass) output(name string, e event) {
	p.mu.Lock()
	p.printed += int64(len(e.Output)) + eventCost
	p.mu.Unlock()
	if p.attr.Len() > 0 || strings.HasPrefix(e.Output, longAttr) {
		p.longAttr(e.Output)
		return
	}
	r := p.open[name]
	if r == nil {
		p.stray.Add(e.Output)
		return
	}
	r.last = e.Time
	if !isFrame(e.Output) {
		r.output.Add(e.Output)
	}
}

// longAttr is how a finding starts that test2json takes for output.
const (
	longAttr    = "\x16=== ATTR  "
	longestAttr = 1 << 20
)

func (p *pass) longAttr(piece string) {
	p.attr.WriteString(piece)
	if !strings.HasSuffix(piece, "\n") && p.attr.Len() < longestAttr {
		return
	}
	line := strings.TrimSuffix(strings.TrimPrefix(p.attr.String(), longAttr), "\n")
	p.attr.Reset()
	test, rest, _ := strings.Cut(line, " ")
	key, value, _ := strings.Cut(rest, " ")
	name, _, _ := strings.Cut(test, "/")
	p.found(name, key, value)
}

// isFrame tells the test framework's own lines.
func isFrame(line string) bool {
	line = strings.TrimLeft(line, " ")
	for _, start := range []string{"=== RUN ", "=== PAUSE ", "=== CONT ", "=== ATTR ", "=== NAME ", "--- PASS: ", "--- FAIL: ", "--- SKIP: "} {
		if strings.HasPrefix(line, start) {
			return true
		}
	}
	return false
}
