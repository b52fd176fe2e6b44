package main

import (
	"context"

	"cnalab/server/desk"
	"cnalab/server/progress"
	"cnalab/server/site"
)

// The site declares what it needs in words of its own. Here the desk and the
// progress are said in them.

// onDesk is a copy as the site sees it.
type onDesk struct{ *desk.Copy }

func (c onDesk) Tree() ([]string, error) {
	files, err := c.Copy.Tree()
	paths := make([]string, 0, len(files))
	for _, f := range files {
		paths = append(paths, f.Path)
	}
	return paths, err
}

func (c onDesk) Read(path string) (site.Text, error) {
	text, err := c.Copy.Read(path)
	return site.Text(text), err
}

func (c onDesk) Write(path, text, ifMatch string) (site.Text, error) {
	now, err := c.Copy.Write(path, text, ifMatch)
	return site.Text(now), err
}

func (c onDesk) Delete(path, ifMatch string) (site.Text, error) {
	now, err := c.Copy.Delete(path, ifMatch)
	return site.Text(now), err
}

func (c onDesk) ResetFile(path string, step int) (site.Change, error) {
	return changed(c.Copy.ResetFile(path, step))
}

func (c onDesk) ResetStep(step int) (site.Change, error) { return changed(c.Copy.ResetStep(step)) }
func (c onDesk) ResetLab() (site.Change, error)          { return changed(c.Copy.ResetLab()) }
func (c onDesk) Catchup(step int) (site.Change, error)   { return changed(c.Copy.Catchup(step)) }
func (c onDesk) Undo() (site.Change, error)              { return changed(c.Copy.Undo()) }

func changed(change desk.Change, err error) (site.Change, error) { return site.Change(change), err }

// remembered is the progress as the site sees it.
type remembered struct{ *progress.Store }

func (r remembered) All(ctx context.Context) (map[string]map[int]site.Standing, error) {
	all, err := r.Store.All(ctx)
	if err != nil {
		return nil, err
	}
	standings := map[string]map[int]site.Standing{}
	for lab, steps := range all {
		standings[lab] = standing(steps)
	}
	return standings, nil
}

func (r remembered) Lab(ctx context.Context, lab string) (map[int]site.Standing, error) {
	steps, err := r.Store.Lab(ctx, lab)
	return standing(steps), err
}

func standing(steps map[int]progress.Step) map[int]site.Standing {
	all := map[int]site.Standing{}
	for number, step := range steps {
		all[number] = site.Standing(step)
	}
	return all
}

var (
	_ site.Copy     = onDesk{}
	_ site.Progress = remembered{}
	_ site.Library  = (*library)(nil)
)
