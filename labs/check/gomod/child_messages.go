package gomod

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/proc"
)

// What the compiler says of a child that needs more than the module has.
var (
	missingName   = regexp.MustCompile(`^undefined: (\w+\.\w+)$`)
	missingMethod = regexp.MustCompile(`undefined \(type \*?(\S+) has no field or method (\w+)`)
	missingExpr   = regexp.MustCompile(`^(\S+) undefined \(type \S+ has no method (\w+)`)
	missingField  = regexp.MustCompile(`^unknown field (\w+) in struct literal of type (\S+)$`)
	otherReceiver = regexp.MustCompile(`^invalid method expression (\S+) \(needs pointer receiver`)
	otherShape    = regexp.MustCompile(`^cannot use (\S+) \((?:value|variable|constant)(?: \S+)? of type (.+)\) as (.+) value in`)
	childLine     = regexp.MustCompile(`^(?:\S*/)?([\w.]+\.go):\d+:\d+: (.*)$`)
)

// lacking ends the check: the module compiles, but not together with the
// child. It says what is missing, or what has another shape.
func (m *Module) lacking(sources map[string]string, output string) {
	m.c.Helper()
	said := namesErrors(sources, output)
	if len(said) == 0 {
		m.c.CouldNotCheck(check.Finding{Say: "The check's questions do not compile with your code.", Output: strings.Join(m.compilerLines(output), "\n")})
	}
	var missing []string
	for _, line := range said {
		if name := lacks(line); name != "" && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		m.c.NotYet(check.Finding{
			Say: "The step asks for names that are not there yet.", Got: "no " + strings.Join(missing, ", no "), Want: strings.Join(missing, ", "),
			Next: "Write them with the spelling that the step's text gives.",
		})
	}
	m.misshapen(said)
}

// misshapen ends the check: a name is there, but not as the step writes it.
func (m *Module) misshapen(said []string) {
	m.c.Helper()
	for _, line := range said {
		if found := otherReceiver.FindStringSubmatch(line); found != nil {
			m.c.NotYet(check.Finding{
				Say: found[1] + " is there, but as a method of a pointer.", Got: "a pointer receiver", Want: "a value receiver",
				Next: "Take the * out of the method's receiver: the value it works on does not change.",
			})
		}
		if found := otherShape.FindStringSubmatch(line); found != nil {
			m.c.NotYet(check.Finding{
				Say: plainText(found[1]) + " is there, but not as the step writes it.", Got: found[2], Want: found[3],
				Next: "Compare its parameters and results with those in the step's text.",
			})
		}
	}
	m.c.NotYet(check.Finding{
		Say: "A name is there, but not as the step writes it.", Got: said[0], Output: strings.Join(said, "\n"),
		Next: "Compare its parameters and results with those in the step's text.",
	})
}

// namesErrors are what the compiler says of the files with the check's names.
func namesErrors(sources map[string]string, text string) []string {
	var said []string
	for line := range strings.Lines(text) {
		found := childLine.FindStringSubmatch(strings.TrimSpace(strings.ReplaceAll(line, `\`, "/")))
		if found == nil {
			continue
		}
		if _, ours := sources[found[1]]; ours && found[1] != "main.go" {
			said = append(said, found[2])
		}
	}
	return said
}

// plainText writes a method expression as the step's text does.
func plainText(name string) string {
	return strings.NewReplacer("(*", "", ")", "").Replace(name)
}

// lacks returns the name that is missing, or nothing.
func lacks(line string) string {
	if found := missingName.FindStringSubmatch(line); found != nil {
		return found[1]
	}
	if found := missingMethod.FindStringSubmatch(line); found != nil {
		return found[1] + "." + found[2]
	}
	if found := missingExpr.FindStringSubmatch(line); found != nil {
		return plainText(found[1])
	}
	if found := missingField.FindStringSubmatch(line); found != nil {
		return found[2] + "." + found[1]
	}
	return ""
}

// crashed begins the lines with which the runtime tells of a panic, or of its
// own fault.
var crashed = regexp.MustCompile(`(?m)^(?:panic|fatal error|SIGSEGV): (.*)$`)

// crashCause returns why the program crashed, and all the runtime said of it.
func crashCause(stderr string) (cause, trace string) {
	at := crashed.FindStringSubmatchIndex(stderr)
	if at == nil {
		return "", ""
	}
	trace = stderr[at[0]:]
	cause, _, _ = strings.Cut(stderr[at[2]:at[3]], " [recovered")
	switch {
	case cause == "stack overflow":
		cause = "a function calls itself without end"
	case proc.OutOfMemory(trace):
		cause = "out of memory"
	case strings.HasSuffix(cause, "deadlock!"):
		cause = "all its goroutines wait, and nothing is left that could wake one"
	}
	return strings.TrimSuffix(strings.TrimSpace(cause), "."), trace
}

// traced is a line of a trace that names a file.
var traced = regexp.MustCompile(`(?m)^\t(.+\.go:\d+)`)

// ownFrames returns the learner's lines in a trace, and the first of them.
func (m *Module) ownFrames(trace string) (at, lines string) {
	var all []string
	for _, found := range traced.FindAllStringSubmatch(filepath.ToSlash(trace), -1) {
		line, own := strings.CutPrefix(found[1], filepath.ToSlash(m.dir)+"/")
		if own && !strings.HasPrefix(line, childFolder+"/") && !slices.Contains(all, line) && len(all) < 12 {
			all = append(all, line)
		}
	}
	if len(all) == 0 {
		return "", ""
	}
	return all[0], strings.Join(all, "\n")
}

// printed is the end of what the learner's code printed.
func printed(result proc.Result) string {
	return last(strings.TrimSpace(result.Stdout+result.Stderr), 4000)
}

func joined(text, more string) string { return strings.TrimSpace(text + "\n" + more) }

// last is the end of a text, from the beginning of a line.
func last(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	text = text[len(text)-bytes:]
	if _, after, ok := strings.Cut(text, "\n"); ok {
		return after
	}
	return text
}
