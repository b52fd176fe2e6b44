package handin

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Command is what was typed at one prompt, maybe several lines of it.
type Command struct {
	Line   string
	Exit   int
	Folder string // below the workspace, with slashes; the whole path where it was typed elsewhere
	At     time.Time
}

// mark begins the line above each command; see terminal's hooks, which write it.
const mark = "#: "

// parseScript reads commands as they were recorded, or as a script has them.
// Lines above the first mark are nobody's.
func parseScript(text string) (commands []Command) {
	for line := range strings.Lines(text) {
		if c, ok := parseMark(line); ok {
			commands = append(commands, c)
			continue
		}
		if n := len(commands); n > 0 {
			commands[n-1].Line += line
		}
	}
	for i := range commands {
		commands[i].Line = strings.TrimSpace(commands[i].Line)
	}
	return commands
}

// parseMark reads "#: TIME exit CODE in FOLDER".
func parseMark(line string) (c Command, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), mark)
	words := strings.SplitN(rest, " ", 5)
	if !ok || len(words) != 5 || words[1] != "exit" || words[3] != "in" {
		return Command{}, false
	}
	at, err1 := time.Parse(time.RFC3339, words[0])
	exit, err2 := strconv.Atoi(words[2])
	return Command{Exit: exit, Folder: words[4], At: at}, err1 == nil && err2 == nil
}

// formatScript writes commands as a script that people read.
func formatScript(title string, commands []Command) []byte {
	out := &strings.Builder{}
	fmt.Fprintf(out, "# %s\n", title)
	for _, c := range commands {
		fmt.Fprintf(out, "\n%s%s exit %d in %s\n%s\n", mark, c.At.UTC().Format(time.RFC3339), c.Exit, c.Folder, c.Line)
	}
	return []byte(out.String())
}

// below makes a folder of this machine one below the workspace, if it is.
func below(workspace, folder string) string {
	name, err := filepath.Rel(workspace, folder)
	if err != nil || !filepath.IsLocal(name) {
		return folder
	}
	return filepath.ToSlash(name)
}
