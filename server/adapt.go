package main

import (
	"context"

	"cnalab/server/library"
	"cnalab/server/progress"
	"cnalab/server/site"
	"cnalab/server/workspaces"
)

// The site declares what it needs in words of its own. Here the workspaces
// and the progress are said in them.

// siteWorkspace is a workspace as the site sees it.
type siteWorkspace struct{ *workspaces.Workspace }

func (c siteWorkspace) Tree() ([]string, error) {
	files, err := c.Workspace.Tree()
	paths := make([]string, 0, len(files))
	for _, f := range files {
		paths = append(paths, f.Path)
	}
	return paths, err
}

func (c siteWorkspace) Read(path string) (site.Text, error) {
	text, err := c.Workspace.Read(path)
	return site.Text(text), err
}

func (c siteWorkspace) Write(path, text, ifMatch string) (site.Text, error) {
	now, err := c.Workspace.Write(path, text, ifMatch)
	return site.Text(now), err
}

func (c siteWorkspace) Delete(path, ifMatch string) (site.Text, error) {
	now, err := c.Workspace.Delete(path, ifMatch)
	return site.Text(now), err
}

func (c siteWorkspace) ResetFile(path string, step int) (site.Change, error) {
	return changed(c.Workspace.ResetFile(path, step))
}

func (c siteWorkspace) ResetStep(step int) (site.Change, error) {
	return changed(c.Workspace.ResetStep(step))
}
func (c siteWorkspace) ResetLab() (site.Change, error) { return changed(c.Workspace.ResetLab()) }
func (c siteWorkspace) FastForward(step int) (site.Change, error) {
	return changed(c.Workspace.FastForward(step))
}
func (c siteWorkspace) Undo() (site.Change, error) { return changed(c.Workspace.Undo()) }

func changed(change workspaces.Change, err error) (site.Change, error) {
	return site.Change(change), err
}

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
	_ site.Workspace = siteWorkspace{}
	_ site.Progress  = remembered{}
	_ site.Library   = (*library.Library)(nil)
)
