package load

import (
	"regexp"
	"strings"

	"cnalab/labs"
)

var (
	commandFence = regexp.MustCompile("^ *(`{3,}|~{3,})(sh|bash|console)\\s*$")
	prompt       = regexp.MustCompile(`^[$#] `)
)

// commands returns a text's blocks of commands, those in its questions too.
func commands(source string) (found []labs.Command) {
	fence, conversation := "", false
	EachLine(source, func(number int, line string, fenced bool) {
		switch mark := fenceMark(line); {
		case !fenced:
		case fence == "":
			if begins := commandFence.FindStringSubmatch(line); begins != nil {
				fence, conversation = begins[1], begins[2] == "console"
				found = append(found, labs.Command{})
			}
		case strings.HasPrefix(mark, fence) && strings.TrimSpace(line) == mark:
			fence = ""
		case !conversation:
			last := &found[len(found)-1]
			last.Lines = append(last.Lines, labs.Line{Number: number, Text: line})
		case prompt.MatchString(line):
			last := &found[len(found)-1]
			last.Lines = append(last.Lines, labs.Line{Number: number, Text: line[2:]})
		}
	})
	return found
}
