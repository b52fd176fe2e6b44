package lab

import (
	"context"
	"slices"
	"time"

	"cnalab/web/words"
)

// in is the state in the page's language.
func (s SandboxState) in(ctx context.Context) string {
	w := words.In(ctx).Sandbox
	switch s {
	case Opening:
		return w.Opening
	case Open:
		return w.Open
	case Failed:
		return w.Failed
	case Closing:
		return w.Closing
	case None:
		return w.None
	}
	return w.Closed
}

// took is how long the sandbox took to open: stages may run side by side, so
// it is the sum only where nothing better is known.
func (s Sandbox) took(ctx context.Context) string {
	longest := s.Took
	if longest == 0 {
		for _, stage := range s.Stages {
			longest = max(longest, stage.Took)
		}
	}
	return words.In(ctx).Took(longest)
}

// unwell names the parts of an open sandbox that do not run as they should, each
// with what is wrong with it.
func (s Sandbox) unwell(ctx context.Context) (all []string) {
	if s.State != Open {
		return nil
	}
	for _, p := range s.Parts {
		if health := p.health(); health == "faulted" || health == "failed" {
			all = append(all, p.Name+" "+p.state(ctx))
		}
	}
	return all
}

// stores reports whether a part has data that can be kept.
func (s Sandbox) stores() bool {
	return s.State == Open && slices.ContainsFunc(s.Parts, func(p Part) bool { return p.Kind == "kafka" || p.Kind == "postgres" })
}

// inside reports whether its parts have a network of their own, which a
// terminal can be in.
func (s Sandbox) inside() bool {
	return s.State == Open && len(s.Parts) > 0 && (s.Provider == "docker" || s.Provider == "kind")
}

// kind is what runs the sandbox, in the page's language.
func (s Sandbox) kind(ctx context.Context) string {
	return or(words.In(ctx).Sandbox.Kind[s.Provider], s.Provider)
}

// differs are the sentences on how its parts are not the real ones.
func (s Sandbox) differs(ctx context.Context) (all []string) {
	if s.Provider != "embedded" {
		return nil
	}
	for _, part := range s.Parts {
		if says := words.In(ctx).Sandbox.Differs[part.Kind]; says != "" {
			all = append(all, says)
		}
	}
	return all
}

// holds are the sentences on what goes when the sandbox closes.
func (s Sandbox) holds(ctx context.Context) (all []string) {
	for _, kind := range s.Holds {
		if says := words.In(ctx).Sandbox.Holds[kind]; says != "" {
			all = append(all, says)
		}
	}
	return all
}

func (s Stage) state() string {
	switch {
	case s.Say != "":
		return "failed"
	case s.Done:
		return "done"
	}
	return "running"
}

func (s Stage) picture() string {
	return map[string]string{"failed": "triangle-alert", "done": "circle-check", "running": "circle-dashed"}[s.state()]
}

func (s Stage) in(ctx context.Context) string {
	w := words.In(ctx).Sandbox
	return map[string]string{"failed": w.StageFail, "done": w.Done, "running": w.Running}[s.state()]
}

// health sorts a part's states into running, changing, faulted on purpose, and
// failed.
func (p Part) health() string {
	switch p.State {
	case "running":
		return "running"
	case "starting", "building":
		return "changing"
	case "paused", "slow", "cut off", "stopped":
		return "faulted"
	}
	return "failed"
}

func (p Part) picture() string {
	return map[string]string{"running": "circle-check", "changing": "circle-dashed", "faulted": "zap", "failed": "triangle-alert"}[p.health()]
}

// state is the part's state in the page's language.
func (p Part) state(ctx context.Context) string {
	return or(words.In(ctx).Sandbox.State[p.State], p.State)
}

// faultName is a fault's kind in the page's language.
func faultName(ctx context.Context, kind string) string {
	return or(words.In(ctx).Sandbox.Fault[kind], kind)
}

// in is what the solution does to the file, in the page's language.
func (c Change) in(ctx context.Context) string {
	w := words.In(ctx).Lab
	switch c {
	case Added:
		return w.New
	case Removed:
		return w.Removed
	}
	return w.Changed
}

// openPath is the path of the open file, empty where none is.
func (f Files) openPath() string {
	if f.Open == nil {
		return ""
	}
	return f.Open.Path
}

// clock is a log line's time, to the second.
func (l Line) clock() string { return l.Time.In(time.Local).Format("15:04:05") }
