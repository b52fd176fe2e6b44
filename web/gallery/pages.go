package gallery

import (
	"cnalab/web/lab"
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
		{"workspace-menu/all", lab.WorkspaceMenuView(lab.WorkspaceMenu{At: at, File: "product/consumer.go", Undo: "reset of step 3", FastForward: true, Folder: "/home/ana/.local/share/cnalab/workspaces/event-driven"})},
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
