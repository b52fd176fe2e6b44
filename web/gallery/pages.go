package gallery

import (
	"time"

	"cnalab/web/lab"
	"cnalab/web/mutants"
	"cnalab/web/page"
	"cnalab/web/problem"
)

func workspace() lab.Files {
	return lab.Files{
		At:    at,
		Paths: []string{"README.md", "product/schema.sql", "order/outbox.go", "product/consumer.go", "product/internal/seen/seen.go"},
		Open:  &lab.File{Path: "product/consumer.go", Text: "package main\n\nfunc handle(e Event) error {\n\treturn take(e.SKU)\n}\n", ETag: `"1"`},
	}
}

func files() []Exhibit {
	return []Exhibit{
		{"tree/files", lab.TreeView(workspace())},
		{"tree/empty", lab.TreeView(lab.Files{At: at})},
		{"workspace-menu/fresh", lab.WorkspaceMenuView(lab.WorkspaceMenu{At: at})},
		{"workspace-menu/all", lab.WorkspaceMenuView(lab.WorkspaceMenu{At: at, File: "product/consumer.go", Undo: "the reset of step 3", Redo: "the deletion of product/seen.go", FastForward: true, Folder: "/home/ana/.local/share/cnalab/workspaces/event-driven"})},
	}
}

func notices() []Exhibit {
	return []Exhibit{
		{"notice/none", lab.NoticeView(lab.Notice{At: at})},
		{"notice/undo", lab.NoticeView(lab.Notice{At: at, Say: "product/consumer.go is as it was given.", Next: "What it held is kept.", Undo: true})},
		{"notice/problem", problem.Fragment(problem.Problem{Say: "Postgres stopped.", Next: "Your files are saved. Restart it, or open its log.", Detail: "signal: killed"})},
		{"notice/long", problem.Fragment(problem.Problem{Say: long + ".", Next: long + "."})},
	}
}

// Whole is a lab page with something in each of its pieces.
func Whole(shell page.Shell) lab.Page {
	return lab.Page{
		Shell:   shell,
		Heading: lab.Heading{Number: "040", Title: "Event-driven architecture", Summary: "Services that answer what happened."},
		Stepper: stepper(lab.Passed, lab.Passed, lab.NotYet),
		Text:    text(),
		Workbench: lab.Workbench{
			Files: workspace(), WorkspaceMenu: lab.WorkspaceMenu{At: at, Undo: "reset of step 3", FastForward: true, Folder: "/home/ana/workspaces/event-driven"}, Sandbox: sandbox(lab.Open), Log: lab.Log{Parts: []string{"order", "product"}},
		},
		ResultBar: notYet(),
		Notice:    lab.Notice{At: at},
	}
}

// Mutants is a page of mutants with each of its outcomes.
func Mutants(shell page.Shell) mutants.Page {
	mutant := func(function, kind, from, to, why string) mutants.Mutant {
		return mutants.Mutant{
			Name: "order/outbox.go " + function + ": " + kind + ": " + from + " → " + to, Kind: kind, At: "order/outbox.go:41",
			Diff: "-\t" + from + "\n+\t" + to + "\n", Why: why,
		}
	}
	return mutants.Page{
		Shell: shell, Lab: "040 Event-driven architecture", URL: "/labs/event-driven", Command: "go run ./server labs mutate event-driven",
		Steps: []mutants.Step{
			{
				Number: 1, Title: "Tell the others", Tried: time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC), All: 3, Percentage: 50,
				LetPass: []mutants.Mutant{mutant("Relay", "condition negated", "if err != nil {", "if err == nil {", "")},
				NoFault: []mutants.Mutant{mutant("Relay", "limit dropped", "LIMIT 100", "", "How many are sent in one round, the text leaves free.")},
				Caught:  []mutants.Mutant{mutant("Add", "key dropped", "Key: id", "", "TestStep01_Keyed: The event has no key.")},
				Stale:   []string{"order/outbox.go Add: never there"},
			},
			{
				Number: 2, Title: "An outbox", Tried: time.Date(2026, 11, 3, 12, 10, 0, 0, time.UTC), All: 40, Percentage: 100,
				Caught: []mutants.Mutant{mutant("Add", "statement dropped", "tx.Exec(ctx, add, event)", "nothing", "TestStep02_Kept: The event is lost in a crash.")},
			},
		},
	}
}
