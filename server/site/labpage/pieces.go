package labpage

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"cnalab/server/sandbox"
	"cnalab/server/session/event"
	webl "cnalab/web/lab"
)

// Piece is one element of a lab's page that is sent again where something
// changes. Where in the page it belongs, the element says itself.
type Piece struct {
	Name string
	On   []event.Topic // what it depends on
	// Key is what a long piece is made of, so that it is drawn only where that
	// has changed; nil draws always.
	Key  func(*View) string
	Draw func(*View) templ.Component // nil where there is nothing to show
}

// Topics are those of all that an open page needs at first; the tree and its
// files came with it.
var Topics = []event.Topic{event.Sandbox, event.Stages, event.Parts, event.Run, event.Progress}

// Pieces are those of every lab's page.
var Pieces = []Piece{
	{Name: "stepper", On: []event.Topic{event.Progress}, Key: func(v *View) string { return fmt.Sprint(v.Stepper()) },
		Draw: func(v *View) templ.Component { return webl.StepperView(v.Stepper()) }},
	{Name: "result bar", On: []event.Topic{event.Run, event.Progress},
		Draw: func(v *View) templ.Component { return webl.ResultBarView(v.ResultBar()) }},
	{Name: "verdicts", On: []event.Topic{event.Run, event.Progress},
		Draw: func(v *View) templ.Component { return webl.VerdictsView(v.ResultBar()) }},
	{Name: "status", On: []event.Topic{event.Sandbox, event.Parts},
		Draw: func(v *View) templ.Component { return webl.StatusView(v.Sandbox()) }},
	{Name: "stages", On: []event.Topic{event.Sandbox, event.Stages},
		Draw: func(v *View) templ.Component { return webl.StagesView(v.Sandbox()) }},
	{Name: "parts", On: []event.Topic{event.Sandbox, event.Parts},
		Draw: func(v *View) templ.Component { return webl.PartsView(v.Sandbox()) }},
	{Name: "log", On: []event.Topic{event.Sandbox, event.Parts}, Key: (*View).partNames,
		Draw: func(v *View) templ.Component { return webl.LogView(v.Log()) }},
	{Name: "why closed", On: []event.Topic{event.Sandbox},
		Draw: func(v *View) templ.Component { return webl.WhyClosedView(v.WhyClosed()) }},
	{Name: "solution", On: []event.Topic{event.Progress}, Key: func(v *View) string { return fmt.Sprint(v.solutionShown()) },
		Draw: func(v *View) templ.Component { return webl.SolutionView(v.Solution()) }},
	{Name: "tree", On: []event.Topic{event.Tree}, Draw: (*View).tree},
}

func (v *View) partNames() string {
	var names []string
	for _, part := range v.status.Parts {
		names = append(names, part.Name)
	}
	return strings.Join(names, " ")
}

// WhyClosed says why the sandbox is closed where the learner did not ask for it,
// in a lab that has one.
func (v *View) WhyClosed() webl.Notice {
	n := webl.Notice{At: v.At()}
	if p := v.status.Problem; p != nil && v.status.Phase == sandbox.Closed && len(v.lab.Parts) > 0 {
		n.Say, n.Next = v.translate(p.Say), v.translate(p.Next)
	}
	return n
}

// tree is all files, nothing where they cannot be listed: then the page keeps
// what it shows.
func (v *View) tree() templ.Component {
	paths, err := v.workspace.Tree()
	if err != nil {
		v.logger.Warn("list files", "lab", v.lab.ID, "err", err)
		return nil
	}
	return webl.TreeView(webl.Files{At: v.At(), Paths: paths})
}
