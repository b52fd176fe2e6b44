package site

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"cnalab/server/sandbox"
	"cnalab/server/session/event"
	webl "cnalab/web/lab"
)

// piece is one element of a lab's page that a stream sends again. Where in
// the page it belongs, the element says itself.
type piece struct {
	name string
	on   []event.Topic // what it depends on
	// key is what a long piece is made of, so that it is drawn only where that
	// has changed; nil draws always.
	key  func(*view) string
	draw func(*view) templ.Component // nil where there is nothing to show
}

// whole are the topics of all that a stream begins with; the tree and its
// files came with the page.
var whole = []event.Topic{event.Sandbox, event.Stages, event.Parts, event.Run, event.Progress}

var pieces = []piece{
	{name: "stepper", on: []event.Topic{event.Progress},
		draw: func(v *view) templ.Component { return webl.StepperView(v.stepper()) }},
	{name: "result bar", on: []event.Topic{event.Run, event.Progress},
		draw: func(v *view) templ.Component { return webl.ResultBarView(v.resultBar()) }},
	{name: "verdicts", on: []event.Topic{event.Run, event.Progress},
		draw: func(v *view) templ.Component { return webl.VerdictsView(v.resultBar()) }},
	{name: "status", on: []event.Topic{event.Sandbox},
		draw: func(v *view) templ.Component { return webl.StatusView(v.sandbox()) }},
	{name: "stages", on: []event.Topic{event.Sandbox, event.Stages},
		draw: func(v *view) templ.Component { return webl.StagesView(v.sandbox()) }},
	{name: "parts", on: []event.Topic{event.Sandbox, event.Parts},
		draw: func(v *view) templ.Component { return webl.PartsView(v.sandbox()) }},
	{name: "log", on: []event.Topic{event.Sandbox, event.Parts}, key: (*view).partNames,
		draw: func(v *view) templ.Component { return webl.LogView(v.log()) }},
	{name: "notice", on: []event.Topic{event.Sandbox}, key: (*view).whyClosed, draw: (*view).closedNotice},
	{name: "solution", on: []event.Topic{event.Progress}, key: func(v *view) string { return fmt.Sprint(v.solutionShown()) },
		draw: func(v *view) templ.Component { return webl.SolutionView(v.solution()) }},
	{name: "tree", on: []event.Topic{event.Tree}, draw: (*view).tree},
}

// draw sends each piece that depends on what has happened, where it looks
// otherwise than when it was last sent.
func (st *stream) draw(ctx context.Context, what event.Changes) error {
	var v *view
	for _, p := range pieces {
		if !what.Has(p.on...) {
			continue
		}
		if v == nil {
			var err error
			if v, err = st.site.status(ctx, st.lab, st.step); err != nil {
				return err
			}
		}
		if err := st.send(ctx, p, v); err != nil {
			return err
		}
	}
	return nil
}

func (st *stream) send(ctx context.Context, p piece, v *view) error {
	if p.key != nil {
		before, drawn := st.keys[p.name]
		now := p.key(v)
		if st.keys[p.name] = now; drawn && before == now {
			return nil
		}
	}
	component := p.draw(v)
	if component == nil {
		return nil
	}
	st.site.Log.Debug("draw", "lab", st.lab.ID, "piece", p.name)
	var html bytes.Buffer
	if err := component.Render(ctx, &html); err != nil {
		return fmt.Errorf("render %s: %w", p.name, err)
	}
	if !bytes.Equal(st.sent[p.name], html.Bytes()) {
		st.sent[p.name] = html.Bytes()
		st.event("swap", html.Bytes())
	}
	return nil
}

func (v *view) partNames() string {
	var names []string
	for _, part := range v.status.Parts {
		names = append(names, part.Name)
	}
	return strings.Join(names, " ")
}

// whyClosed is why the sandbox was closed where the learner did not ask for it.
func (v *view) whyClosed() string {
	if v.status.Phase != sandbox.Closed || v.status.Problem == nil {
		return ""
	}
	return v.status.Problem.Say
}

func (v *view) closedNotice() templ.Component {
	if v.whyClosed() == "" {
		return nil
	}
	return webl.NoticeView(webl.Notice{At: v.at(), Say: v.status.Problem.Say, Next: v.status.Problem.Next})
}

// tree is all files, nothing where they cannot be listed: then the page keeps
// what it shows.
func (v *view) tree() templ.Component {
	paths, err := v.site.Workspace(v.lab).Tree()
	if err != nil {
		v.site.Log.Warn("list files", "lab", v.lab.ID, "err", err)
		return nil
	}
	return webl.TreeView(webl.Files{At: v.at(), Paths: paths})
}
