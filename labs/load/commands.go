package load

import (
	"regexp"
	"strings"
)

// Command is a block of commands in a text, which a page offers to run.
type Command struct {
	Lines []Line // as one types them, without prompts and what was answered
}

// Line is one line of a text.
type Line struct {
	Number int // from 1
	Text   string
}

// String is the block as one types it.
func (c Command) String() string {
	var all strings.Builder
	for _, line := range c.Lines {
		all.WriteString(line.Text + "\n")
	}
	return all.String()
}

// Placeholder is what a learner fills in before a command is run.
var Placeholder = regexp.MustCompile(`\bYOUR-[A-Z][A-Z0-9-]*`)

var (
	commandFence = regexp.MustCompile("^ *(`{3,}|~{3,})(sh|bash|console)\\s*$")
	prompt       = regexp.MustCompile(`^[$#] `)
)

// Commands returns a text's blocks of commands, those in its questions too.
func Commands(source string) (found []Command) {
	fence, conversation := "", false
	EachLine(source, func(number int, line string, fenced bool) {
		begins := commandFence.FindStringSubmatch(line)
		switch mark := fenceMark(line); {
		case !fenced:
		case fence == "" && begins != nil:
			fence, conversation = begins[1], begins[2] == "console"
			found = append(found, Command{})
		case fence == "":
		case strings.HasPrefix(mark, fence) && strings.TrimSpace(line) == mark:
			fence = ""
		case !conversation:
			last := &found[len(found)-1]
			last.Lines = append(last.Lines, Line{number, line})
		case prompt.MatchString(line):
			last := &found[len(found)-1]
			last.Lines = append(last.Lines, Line{number, line[2:]})
		}
	})
	return found
}
