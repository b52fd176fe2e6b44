package lint

import (
	"path"
	"regexp"

	"cnalab/labs"
)

// unclear is what many write in the place of something, and a shell takes for
// a file or a word.
var unclear = regexp.MustCompile(`<\pL[\pL\d_-]*>|…`)

// commands looks at the blocks of commands, which a page offers to run: what is
// to be filled in must be known as such, and leave no command before it that
// would run.
func (in *inspection) commands() {
	for _, t := range in.texts {
		file := "steps/" + path.Base(t.File)
		for _, c := range t.Commands {
			in.command(file, c)
		}
	}
}

func (in *inspection) command(file string, c labs.Command) {
	said, first := "", 0 // the placeholder of the block
	for _, line := range c.Lines {
		if found := unclear.FindString(line.Text); found != "" {
			in.add(file, line.Number, found, "what the learner fills in is written in capitals, as YOUR-NAME", "Write it so, in a block of its own; the page types it and presses no Enter.")
		}
		if found := labs.Placeholder.FindString(line.Text); found != "" && said == "" {
			said, first = found, line.Number
		}
	}
	if said != "" && len(c.Lines) > 1 {
		in.add(file, first, said, "a command to be filled in has a block of its own", "Put the other lines into another block.")
	}
}
