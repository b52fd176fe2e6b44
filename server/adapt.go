package main

import (
	"cnalab/labs"
	"cnalab/server/library"
	"cnalab/server/mutate"
	"cnalab/server/progress"
	"cnalab/server/session"
	"cnalab/server/site"
	"cnalab/server/workspaces"
	"cnalab/web/mutants"
)

// The site declares what it needs in types of its own. Here the workspaces get
// them; what needs none is checked below.

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

func (c siteWorkspace) ResetFile(path string, step int) (site.Change, error) {
	return changed(c.Workspace.ResetFile(path, step))
}

func (c siteWorkspace) Remove(path string) (site.Change, error) {
	return changed(c.Workspace.Remove(path))
}

func (c siteWorkspace) ResetStep(step int) (site.Change, error) {
	return changed(c.Workspace.ResetStep(step))
}
func (c siteWorkspace) ResetLab() (site.Change, error) { return changed(c.Workspace.ResetLab()) }
func (c siteWorkspace) FastForward(step int) (site.Change, error) {
	return changed(c.Workspace.FastForward(step))
}
func (c siteWorkspace) Undo() (site.Change, error) { return changed(c.Workspace.Undo()) }
func (c siteWorkspace) Redo() (site.Change, error) { return changed(c.Workspace.Redo()) }

func changed(change workspaces.Change, err error) (site.Change, error) {
	return site.Change(change), err
}

// triedMutants is what became of a lab's mutants, as their page shows it.
func (p *program) triedMutants(lab *labs.Lab) ([]mutants.Step, error) {
	report, err := mutate.Kept(p.data.Path(mutantsFolder), lab.Folder)
	var steps []mutants.Step
	for _, step := range report.Steps {
		steps = append(steps, mutantsOf(step))
	}
	return steps, err
}

func mutantsOf(step mutate.Step) mutants.Step {
	shown := mutants.Step{Number: step.Number, Tried: step.Tried, All: step.All, Stale: step.Stale, Percentage: step.Count().Percent()}
	for _, r := range step.Results {
		m := mutants.Mutant{Name: r.ID, Kind: r.Kind, At: r.At, Diff: r.Diff}
		switch r.Outcome {
		case mutate.Caught:
			m.Why = r.By + ": " + r.Say
			shown.Caught = append(shown.Caught, m)
		case mutate.Equal:
			m.Why = r.Reason
			shown.NoFault = append(shown.NoFault, m)
		default:
			shown.LetPass = append(shown.LetPass, m)
		}
	}
	return shown
}

var (
	_ site.Workspace    = siteWorkspace{}
	_ site.Session      = (*session.Session)(nil)
	_ site.Progress     = (*progress.Store)(nil)
	_ session.Progress  = (*progress.Store)(nil)
	_ session.Workspace = (*workspaces.Workspace)(nil)
	_ site.Library      = (*library.Library)(nil)
)
