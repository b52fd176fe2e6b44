package gallery

import (
	"cnalab/web/catalogue"
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
		{"workspace-menu/all", lab.WorkspaceMenuView(lab.WorkspaceMenu{At: at, File: "product/consumer.go", Undo: "reset of step 3", CatchUp: true, Folder: "/home/ana/.local/share/cnalab/desk/event-driven"})},
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

// Labs is the catalogue with one lab in every state.
func Labs() []catalogue.Lab {
	return []catalogue.Lab{
		{ID: "domain-model", Number: "010", Title: "Domain-driven design", Summary: "Model the shop so that it cannot be wrong.", Minutes: 40, Half: 1, Steps: 5, Passed: 5},
		{ID: "database-per-service", Number: "020", Title: "A database of its own", Summary: "Split what one database held together.", Minutes: 35, Needs: []string{"postgres"}, Half: 1, Planned: true},
		{ID: "kafka", Number: "030", Title: "Messages and the log", Summary: "Publish, subscribe, and remember where you were.", Minutes: 40, Needs: []string{"kafka"}, Half: 1, Steps: 6, Passed: 6},
		{ID: "event-driven", Number: "040", Title: "Event-driven architecture", Summary: "Services that answer what happened, with nobody in charge.", Minutes: 45, Needs: []string{"kafka", "postgres"}, Half: 1, Steps: 6, Passed: 2, Here: true},
		{ID: "api-gateway", Number: "050", Title: "API gateway", Summary: "One door for the whole shop.", Minutes: 40, Needs: []string{"postgres"}, Half: 1, Steps: 6},
		{ID: "identity", Number: "060", Title: "Who is asking", Summary: "Tokens, and what they may do.", Minutes: 40, Half: 1, Planned: true},
		{ID: "cqrs", Number: "070", Title: "Commands and queries apart", Summary: "Two models of one truth.", Minutes: 40, Needs: []string{"kafka", "postgres"}, Half: 1, Problem: "lab.yaml cannot be read: line 3 is not a list."},
		{ID: "docker-engine", Number: "080", Title: "Containers", Summary: "The same kernel, another world.", Minutes: 30, Needs: []string{"docker"}, Half: 2, Planned: true},
		{ID: "docker-image", Number: "090", Title: "Images", Summary: "What a container starts from.", Minutes: 35, Needs: []string{"docker"}, Half: 2, Planned: true},
		{ID: "docker-registry", Number: "100", Title: "A registry", Summary: "Where images live.", Minutes: 30, Needs: []string{"docker"}, Half: 2, Planned: true},
		{ID: "kubernetes", Number: "110", Title: "Orchestration", Summary: "Say what you want, not what to do.", Minutes: 45, Needs: []string{"kubernetes"}, Half: 2, Planned: true},
		{ID: "kubernetes-volumes", Number: "120", Title: "Volumes", Summary: "What stays when a pod goes.", Minutes: 30, Needs: []string{"kubernetes"}, Half: 2, Planned: true},
		{ID: "shop-on-kubernetes", Number: "130", Title: "The whole shop", Summary: "Everything together, and then broken.", Minutes: 45, Needs: []string{"kubernetes"}, Half: 2, Planned: true},
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
			Files: workspace(), WorkspaceMenu: lab.WorkspaceMenu{At: at, Undo: "reset of step 3", CatchUp: true, Folder: "/home/ana/desk/event-driven"}, Sandbox: sandbox(lab.Open), Log: lab.Log{Parts: []string{"order", "product"}},
		},
		ResultBar: notYet(),
		Notice:    lab.Notice{At: at},
	}
}

func catalogues() []Exhibit {
	return []Exhibit{{"catalogue/labs", catalogue.LabList(catalogue.Page{Labs: Labs()})}, {"catalogue/map", catalogue.Map(catalogue.Page{Labs: Labs()})}}
}
