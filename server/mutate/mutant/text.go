package mutant

import (
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

// Text lists the faults of a file that is no Go, where its kind is known by its
// name: manifests and other YAML, Dockerfiles, commands that were typed.
func Text(name, content string) []Mutant {
	t := &text{source: &source{name, content}, lines: linesOf(content)}
	valid := func(string) bool { return true }
	switch base := path.Base(name); {
	case strings.HasSuffix(base, ".yaml"), strings.HasSuffix(base, ".yml"):
		t.manifest()
		valid = isYAML
	case base == "Dockerfile", strings.HasSuffix(base, ".Dockerfile"):
		t.instructions(true)
	case strings.HasSuffix(base, ".sh"):
		t.instructions(false)
	}
	return numbered(unique(t.found, valid))
}

// text is a file that is read by lines.
type text struct {
	source *source
	lines  []line
	found  []Mutant
}

// line is one line, or several that a backslash joins.
type line struct {
	from, to int // in bytes, with the end of the line
	number   int
	text     string // without the end
}

func linesOf(content string) (lines []line) {
	from := 0
	for i, one := range strings.SplitAfter(content, "\n") {
		if n := len(lines); n > 0 && strings.HasSuffix(lines[n-1].text, `\`) {
			last := &lines[n-1]
			last.to += len(one)
			last.text = content[last.from:last.to]
			last.text = strings.TrimRight(last.text, "\n")
		} else if one != "" {
			lines = append(lines, line{from, from + len(one), i + 1, strings.TrimRight(one, "\n")})
		}
		from += len(one)
	}
	return lines
}

func (t *text) propose(kind string, l line, before, after string, edits ...edit) {
	t.found = append(t.found, Mutant{File: t.source.name, Line: l.number, Kind: kind, Before: before, After: after, edits: edits, source: t.source})
}

var (
	quantity = regexp.MustCompile(`^\d+`)
	// amount is one of a resource, in Kubernetes' units. A little more of it is
	// no fault, and another unit is.
	amount = regexp.MustCompile(`^(\d+)(m|[KMGT]i?)$`)
	digits = regexp.MustCompile(`\b\d+\b`)
	option = regexp.MustCompile(` --?[a-z][\w-]*(=('[^']*'|"[^"]*"|\S+))?`)
	// argued is an option with a word behind it, which may be its value.
	argued = regexp.MustCompile(` --?[a-z][\w-]* ('[^']*'|"[^"]*"|[^-\s]\S*)`)
)

// looks is a command that shows something, or waits for it, and changes nothing.
var looks = regexp.MustCompile(`^(kubectl (get|describe|logs|wait|rollout (status|history)) [^|>;&]*(\|\| true)?|until [^;]+; do sleep \d+; done)$`)

// instructions breaks what is done line by line: each is left out, or comes
// before the one above it; an option is left out, a number is another.
func (t *text) instructions(dockerfile bool) {
	var last *line
	for i := range t.lines {
		l := &t.lines[i]
		if done := strings.TrimSpace(l.text); done == "" || strings.HasPrefix(done, "#") || dockerfile && strings.HasPrefix(done, "EXPOSE ") {
			continue // EXPOSE is a note for the reader
		}
		if !dockerfile && looks.MatchString(l.text) {
			continue
		}
		t.propose("line dropped", *l, l.text, "", edit{l.from, l.to, ""})
		if last != nil {
			t.propose("order swapped", *last, last.text, l.text+" before "+last.text,
				edit{last.from, last.from + len(last.text), l.text}, edit{l.from, l.from + len(l.text), last.text})
		}
		t.words(*l)
		if dockerfile {
			t.weakened(*l)
		}
		last = l
	}
}

// words breaks single words of a line.
func (t *text) words(l line) {
	for _, at := range option.FindAllStringIndex(l.text, -1) {
		t.cut("option dropped", l, at)
	}
	for _, at := range argued.FindAllStringIndex(l.text, -1) {
		t.cut("option dropped", l, at)
	}
	for _, at := range digits.FindAllStringIndex(l.text, -1) {
		t.count(l, at)
	}
}

func (t *text) cut(kind string, l line, at []int) {
	t.propose(kind, l, l.text, l.text[:at[0]]+l.text[at[1]:], edit{l.from + at[0], l.from + at[1], ""})
}

// count makes a number one more.
func (t *text) count(l line, at []int) {
	if n, err := strconv.Atoi(l.text[at[0]:at[1]]); err == nil {
		more := strconv.Itoa(n + 1)
		t.propose("number changed", l, l.text, l.text[:at[0]]+more+l.text[at[1]:], edit{l.from + at[0], l.from + at[1], more})
	}
}

var (
	narrow = regexp.MustCompile(`^COPY [^-].*$`)
	static = regexp.MustCompile(`CGO_ENABLED=0 `)
	form   = regexp.MustCompile(`^(CMD|ENTRYPOINT) \[(.*)\]$`)
)

// weakened has a Dockerfile's line do more than it should, or in a form in
// which signals do not arrive.
func (t *text) weakened(l line) {
	if narrow.MatchString(l.text) && l.text != "COPY . ." {
		t.propose("copies everything", l, l.text, "COPY . .", edit{l.from, l.from + len(l.text), "COPY . ."})
	}
	if at := static.FindStringIndex(l.text); at != nil {
		t.cut("not static", l, at)
	}
	if found := form.FindStringSubmatch(l.text); found != nil {
		shell := found[1] + " " + strings.NewReplacer(`"`, "", ",", "").Replace(found[2])
		t.propose("shell form", l, l.text, shell, edit{l.from, l.from + len(l.text), shell})
	}
}

var (
	field  = regexp.MustCompile(`^(\s*(?:- )?)([\w./-]+):( .*)?$`)
	scalar = regexp.MustCompile(`^(\s*(?:- )?(?:[\w./-]+: )?)([^\s{\[|>#"'&*][^{\[#]*?)\s*$`)
	inline = regexp.MustCompile(`([\w./-]+): ([^,{}\[\]]+)`)
)

// manifest breaks YAML: a field is left out with all below it, or has another
// value.
func (t *text) manifest() {
	for i, l := range t.lines {
		if body := strings.TrimSpace(l.text); body == "" || strings.HasPrefix(body, "#") || body == "---" || t.notes(i) {
			continue
		}
		if field.MatchString(l.text) || strings.HasPrefix(strings.TrimSpace(l.text), "- ") {
			t.subtree(i)
		}
		t.value(l)
	}
}

// listens is a port of a container. Where it has no name by which others lead
// to it, it is a note for the reader: nothing opens or closes by it.
var listens = regexp.MustCompile(`^\s*- containerPort: \d+$`)

// notes reports whether a line is such a note, or has one below it and nothing
// else.
func (t *text) notes(i int) bool {
	depth := indent(t.lines[i].text)
	if strings.TrimSpace(t.lines[i].text) == "ports:" {
		i++
	}
	if i >= len(t.lines) || !listens.MatchString(t.lines[i].text) {
		return false
	}
	if i+1 == len(t.lines) {
		return true
	}
	next := t.lines[i+1].text
	return indent(next) <= depth && !strings.HasPrefix(strings.TrimSpace(next), "- containerPort")
}

// subtree leaves out a field, or an item of a list, with the lines below it.
func (t *text) subtree(i int) {
	l := t.lines[i]
	depth := indent(l.text)
	first := strings.HasPrefix(strings.TrimSpace(l.text), "- ")
	end := i + 1
	for end < len(t.lines) {
		next := t.lines[end].text
		deeper := indent(next) > depth || !first && indent(next) == depth && strings.HasPrefix(strings.TrimSpace(next), "- ")
		if strings.TrimSpace(next) != "" && !deeper {
			break
		}
		end++
	}
	t.propose("field left out", l, l.text, "", edit{l.from, t.lines[end-1].to, ""})
}

func indent(s string) int { return len(s) - len(strings.TrimLeft(s, " ")) }

// value gives a field another value.
func (t *text) value(l line) {
	if found := scalar.FindStringSubmatchIndex(l.text); found != nil && l.text[found[5]-1] != ':' {
		t.other(l, found[4], found[5])
	}
	if open := strings.IndexAny(l.text, "{["); open >= 0 {
		for _, found := range inline.FindAllStringSubmatchIndex(l.text[open:], -1) {
			t.other(l, open+found[4], open+found[5])
		}
	}
}

func (t *text) other(l line, from, to int) {
	value := strings.TrimRight(l.text[from:to], " ")
	to = from + len(value)
	after := value + "x"
	if n, err := strconv.Atoi(value); err == nil {
		after = strconv.Itoa(n + 1)
	} else if value == "true" || value == "false" {
		after = strconv.FormatBool(value == "false")
	} else if of := amount.FindStringSubmatch(value); of != nil {
		after = of[1]
	} else if at := quantity.FindStringIndex(value); at != nil { // with a unit
		n, _ := strconv.Atoi(value[:at[1]])
		after = strconv.Itoa(n+1) + value[at[1]:]
	}
	t.propose("value changed", l, l.text, l.text[:from]+after+l.text[to:], edit{l.from + from, l.from + to, after})
}

// isYAML reports whether a text is YAML, of several documents perhaps.
func isYAML(content string) bool {
	for _, document := range strings.Split(content, "\n---") {
		var any any
		if yaml.Unmarshal([]byte(document), &any) != nil {
			return false
		}
	}
	return true
}
