package labpage

import (
	"cnalab/labs"
	"cnalab/server/sandbox"
	webl "cnalab/web/lab"
)

// Sandbox is the sandbox as the page shows it.
func (v *View) Sandbox() webl.Sandbox {
	shown := webl.Sandbox{At: v.At(), State: webl.SandboxState(v.status.Phase), Since: v.status.Since, Took: v.status.Took, SnapshotAt: v.status.Kept, Holds: v.lab.Needs()}
	if len(v.lab.Parts) == 0 {
		shown.State = webl.None
	} else {
		shown.Provider = v.status.Provider
	}
	if p := v.status.Problem; p != nil {
		shown.Say, shown.Next, shown.Detail = v.translate(p.Say), v.translate(p.Next), p.Detail
	}
	for _, s := range v.status.Stages {
		shown.Stages = append(shown.Stages, webl.Stage{Name: v.translate(s.Name), Done: s.Done, Say: v.translate(s.Err), Took: s.Took})
	}
	for _, p := range v.status.Parts {
		shown.Parts = append(shown.Parts, v.part(p))
	}
	return shown
}

func (v *View) part(p sandbox.Part) webl.Part {
	part := webl.Part{
		Name: p.Name, Kind: p.Kind, State: string(p.State), Address: p.Address, Say: v.translate(p.Say), Detail: p.Detail,
	}
	switch p.State {
	case sandbox.Paused, sandbox.Slowed, sandbox.Severed, sandbox.Stopped:
		part.Faulted = true
	}
	for _, kind := range labs.FaultKinds {
		part.Faults = append(part.Faults, string(kind))
	}
	return part
}
