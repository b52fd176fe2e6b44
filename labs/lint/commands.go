package lint

import (
	"path"
	"regexp"
	"strings"

	"cnalab/labs/load"
)

var (
	commandFence = regexp.MustCompile("^ *(`{3,}|~{3,})(sh|bash|console)\\s*$")
	placeholder  = regexp.MustCompile(`\bYOUR-[A-Z][A-Z0-9-]*`)
	// unclear is what many write in the place of something, and a shell takes for
	// a file or a word.
	unclear = regexp.MustCompile(`<\pL[\pL\d_-]*>|…`)
)

// commands looks at the blocks of commands, which a page offers to run: what is
// to be filled in must be known as such, and leave no command before it that
// would run.
func (in *inspection) commands() {
	for _, t := range in.texts {
		file, ours := "steps/"+path.Base(t.File), false
		var said string // the placeholder of the block
		var first, lines int
		load.EachLine(t.Source, func(number int, line string, fenced bool) {
			starts := fenced && !ours && commandFence.MatchString(line)
			ends := ours && strings.Trim(strings.TrimSpace(line), "`~") == ""
			switch {
			case starts:
				ours, said, lines = true, "", 0
			case ours && !ends:
				lines++
				if found := unclear.FindString(line); found != "" {
					in.add(file, number, found, "what the learner fills in is written in capitals, as YOUR-NAME", "Write it so, in a block of its own; the page types it and presses no Enter.")
				}
				if found := placeholder.FindString(line); found != "" && said == "" {
					said, first = found, number
				}
			case ends:
				ours = false
				if said != "" && lines > 1 {
					in.add(file, first, said, "a command to be filled in has a block of its own", "Put the other lines into another block.")
				}
			}
		})
	}
}
