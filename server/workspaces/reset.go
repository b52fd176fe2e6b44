package workspaces

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"

	"cnalab/labs"
	"cnalab/server/workspaces/folder"
)

// ResetFile makes one file what the lab came with, with the solutions of the
// steps before the given one.
func (c *Workspace) ResetFile(name string, step int) (Change, error) {
	name, err := folder.Inside(name)
	if err != nil {
		return Change{}, err
	}
	if err := c.known(step); err != nil {
		return Change{}, err
	}
	return c.reset("the reset of "+name, name+" is as it was at the start of this step.", func(*os.Root) (map[string][]byte, error) {
		files, err := c.state(context.Background(), step-1)
		if err != nil {
			return nil, err
		}
		text, given := files[name]
		if !given {
			return nil, &labs.Problem{
				Kind: labs.BadInput,
				Say:  fmt.Sprintf("%s is a file of your own, so there is nothing to reset it to.", name),
				Next: "Delete it where you do not need it.",
			}
		}
		return map[string][]byte{name: text}, nil
	})
}

// Remove removes a file. Undo brings it back.
func (c *Workspace) Remove(name string) (Change, error) {
	name, err := folder.Inside(name)
	if err != nil {
		return Change{}, err
	}
	return c.reset("the deletion of "+name, name+" is removed.", func(root *os.Root) (map[string][]byte, error) {
		if _, err := c.read(root, name); isMissing(err) {
			return nil, err
		}
		return map[string][]byte{name: nil}, nil
	})
}

// ResetStep makes the files that the step's solution touches what they are
// before the step: the starter with the solutions of the steps before.
func (c *Workspace) ResetStep(step int) (Change, error) {
	if err := c.known(step); err != nil {
		return Change{}, err
	}
	say := fmt.Sprintf("The files of step %d are as they were at its start.", step)
	return c.reset(fmt.Sprintf("the reset of step %d", step), say, func(*os.Root) (map[string][]byte, error) {
		before, err := c.lab.Load().At(step - 1)
		if err != nil {
			return nil, c.broken(err)
		}
		solution, err := c.lab.Load().Solution(step)
		if err != nil {
			return nil, c.broken(err)
		}
		return touched(before, solution), nil
	})
}

// touched are the files that the solution writes or removes, as they are
// before it; nil stands for a file that the solution makes.
func touched(before labs.Tree, solution labs.Overlay) map[string][]byte {
	to := map[string][]byte{}
	for name := range solution.Files {
		to[name] = before[name]
	}
	after := before.With(solution)
	for name, text := range before {
		if _, left := after[name]; !left {
			to[name] = text
		}
	}
	return to
}

// ResetLab makes the whole workspace what the lab came with.
func (c *Workspace) ResetLab() (Change, error) {
	return c.resetTo(0, "the reset of the lab", "The lab is as it was at its start.")
}

// FastForward makes the whole workspace what it is before the step: the starter
// with the solutions of the steps before.
func (c *Workspace) FastForward(step int) (Change, error) {
	if err := c.known(step); err != nil {
		return Change{}, err
	}
	say := fmt.Sprintf("The steps before step %d are done for you.", step)
	return c.resetTo(step-1, fmt.Sprintf("the catch-up to step %d", step), say)
}

// resetTo also puts the learner's additional files away: beside a solution
// they would declare the same names twice.
func (c *Workspace) resetTo(steps int, what, say string) (Change, error) {
	return c.reset(what, say, func(root *os.Root) (map[string][]byte, error) {
		to, err := c.state(context.Background(), steps)
		if err != nil {
			return nil, err
		}
		err = folder.Walk(root, func(name string, _ fs.FileInfo) error {
			if _, given := to[name]; !given && buildable(name) {
				to[name] = nil
			}
			return nil
		})
		if err != nil {
			return nil, folder.Unlisted(c.dir, err)
		}
		return to, nil
	})
}

// buildable reports whether a file takes part in what a service does. Notes
// of the learner's stay where they are.
func buildable(name string) bool {
	switch path.Ext(name) {
	case ".md", ".txt":
		return false
	}
	return true
}

func (c *Workspace) reset(what, say string, plan func(*os.Root) (map[string][]byte, error)) (Change, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	root, err := c.root(context.Background())
	if err != nil {
		return Change{}, err
	}
	defer root.Close()
	to, err := plan(root)
	if err != nil {
		return Change{}, err
	}
	changed, err := c.change(root, what, "", to)
	if err != nil {
		return Change{}, err
	}
	if len(changed) == 0 {
		return Change{Say: say + " Nothing had to change."}, nil
	}
	return Change{Say: say + " What was there is kept: undo brings it back.", Paths: changed}, nil
}

// Solution returns the files that the step's solution writes, by path. What it
// removes and what it types is in labs.Lab.Solution.
func (c *Workspace) Solution(step int) ([]Text, error) {
	if err := c.known(step); err != nil {
		return nil, err
	}
	solution, err := c.lab.Load().Solution(step)
	if err != nil {
		return nil, c.broken(err)
	}
	var texts []Text
	for _, name := range solution.Files.Paths() {
		text := string(solution.Files[name])
		texts = append(texts, Text{Path: name, Text: text, ETag: folder.ETag(text)})
	}
	return texts, nil
}

func (c *Workspace) known(step int) error {
	if c.lab.Load().Step(step) != nil {
		return nil
	}
	return &labs.Problem{
		Kind: labs.NotFound,
		Say:  fmt.Sprintf("Lab %s has no step %d.", c.lab.Load().ID, step),
		Next: fmt.Sprintf("It has steps 1 to %d.", len(c.lab.Load().Steps)),
	}
}
