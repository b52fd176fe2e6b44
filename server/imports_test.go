package main_test

import (
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// rules says who must not import whom, and why. A prefix ends in a slash.
var rules = []struct{ from, never, why string }{
	{"cnalab/web/", "cnalab/labs", "pages are drawn from models of their own, so that a page can change without a lab"},
	{"cnalab/web/", "cnalab/server/", "pages are drawn, they do not ask"},
	{"cnalab/labs", "cnalab/server/", "labs must be gradable by any program"},
	{"cnalab/labs", "cnalab/web/", "labs must be gradable by any program"},
	{"cnalab/labs/manifest", "cnalab/labs/load", "lab.yaml is read whatever stands beside it"},
	{"cnalab/labs/load", "cnalab/labs/lint", "a lab is offered before its author has mended all"},
	{"cnalab/labs/scaffold", "cnalab/labs/lint", "a new lab is whole by its test, and not by being mended"},
	{"cnalab/labs/check", "cnalab/labs/load", "checks are told of the sandbox, and read no lab"},
	{"cnalab/labs/check", "cnalab/labs/manifest", "checks are told of the sandbox, and read no lab"},
	{"cnalab/labs/check", "cnalab/labs/lint", "checks are told of the sandbox, and read no lab"},
	{"cnalab/server", "cnalab/labs/load", "labs are read in one place, and handed on"},
	{"cnalab/server", "cnalab/labs/manifest", "lab.yaml is for who reads labs; the others are handed a lab"},
	{"cnalab/server", "cnalab/labs/lint", "only an author asks for the rules"},
	{"cnalab/server", "cnalab/labs/scaffold", "only an author begins a lab"},
	{"cnalab/labs/bounded", "cnalab/", "a text is cut whoever wrote it"},
	{"cnalab/labs/cache", "cnalab/", "a file is kept whatever it is"},
	{"cnalab/labs/environ", "cnalab/", "what a machine has set is the same whoever starts a program"},
	{"cnalab/labs/gobuild", "cnalab/labs/check", "a program is built whoever asks for it"},
	{"cnalab/labs/loopback", "cnalab/", "an address is found whoever will listen there"},
	{"cnalab/labs/process", "cnalab/", "a program is held whatever it is for, and all who start one must agree"},
	{"cnalab/labs/check", "github.com/segmentio/kafka-go", "the checks of a lab without Kafka link no library of it"},
	{"cnalab/labs/check", "github.com/jackc/pgx/v5", "the checks of a lab without Postgres link no library of it"},
	{"cnalab/fixtures/", "cnalab/labs", "a service is what labs talk to, it knows none"},
	{"cnalab/fixtures/", "cnalab/server/", "a service is what labs talk to, it knows none"},
	{"cnalab/server/site", "cnalab/server/session", "site declares the interface it needs; main wires"},
	{"cnalab/server/site", "cnalab/server/grade", "site declares the interface it needs; main wires"},
	{"cnalab/server/site", "cnalab/server/workspaces", "site declares the interface it needs; main wires"},
	{"cnalab/server/site", "cnalab/server/progress", "site declares the interface it needs; main wires"},
	{"cnalab/server/site", "cnalab/server/terminal", "site declares the interface it needs; main wires"},
	{"cnalab/server/site/auth", "cnalab/web/", "who may come in does not depend on what is shown"},
	{"cnalab/server/site/files", "cnalab/web/", "files are read and written whatever page they are open in"},
	{"cnalab/server/site/markdown", "cnalab/labs", "a text is rendered whatever lab it is of"},
	{"cnalab/server/site/socket", "cnalab/web/", "a terminal is connected whatever page it is in"},
	{"cnalab/server/site/sse", "cnalab/", "events are sent whatever they tell"},
	{"cnalab/server/terminal", "cnalab/server/", "a shell is handed a folder and an environment, and knows no sandbox"},
	{"cnalab/server/grade", "cnalab/server/", "grading must work without a workspace of ours, a page or a sandbox"},
	{"cnalab/server/grade/testlog", "cnalab/", "what a check printed is cut whoever ran it"},
	{"cnalab/server/report", "cnalab/server/", "a report is written whoever made it"},
	{"cnalab/server/handin", "cnalab/server/session", "work is packed and found whoever has done it, and whoever checks it"},
	{"cnalab/server/handin", "cnalab/server/grade", "work is packed and found whoever has done it, and whoever checks it"},
	{"cnalab/server/handin", "cnalab/server/verify", "work is packed and found whoever has done it, and whoever checks it"},
	{"cnalab/server/handin/objects", "cnalab/server/handin", "what a sandbox holds is exported whatever it is for"},
	{"cnalab/server/workspaces", "cnalab/server/", "files are kept whatever runs beside them"},
	{"cnalab/server/workspaces/folder", "cnalab/server/", "a file is written safely whoever writes it"},
	{"cnalab/server/workspaces/history", "cnalab/server/", "what was replaced is kept whatever replaced it"},
	{"cnalab/server/workspaces/module", "cnalab/server/", "a module is made whoever builds in it"},
	{"cnalab/server/datadir", "cnalab/server/", "a folder is locked and announced whatever is in it"},
	{"cnalab/server/library", "cnalab/server/", "labs are read whoever asks for them"},
	{"cnalab/server/project", "cnalab/server/", "folders are found whatever is in them"},
	{"cnalab/server/verify", "cnalab/server/site", "who grades at a terminal needs no pages"},
	{"cnalab/server/progress", "cnalab/", "progress is a table of names, and knows nothing of ours"},
	{"cnalab/server/sandbox", "cnalab/server/site", "a sandbox does not know who looks at it"},
	{"cnalab/server/sandbox", "cnalab/server/session", "a sandbox does not know who opened it"},
}

// allowed are the exceptions that the rules above would otherwise catch.
var allowed = map[string][]string{
	"cnalab/server":         {"cnalab/labs/load", "cnalab/labs/lint", "cnalab/labs/scaffold"}, // the verbs that authors type
	"cnalab/server/dist":    {"cnalab/labs/load"},                                             // which labs go into an archive
	"cnalab/server/library": {"cnalab/labs/load"},                                             // the one place

	"cnalab/server/sandbox/sandboxtest": {"cnalab/labs/load"},                // a lab of its own in testdata
	"cnalab/server/datadir":             {"cnalab/server/workspaces/folder"}, // the one way of writing a file safely
	"cnalab/server/workspaces/history":  {"cnalab/server/workspaces/folder"}, // the same
	"cnalab/server/workspaces/module":   {"cnalab/server/workspaces/folder"}, // the same
	"cnalab/server/progress":            {"cnalab/labs"},
	"cnalab/labs/check/kafka":           {"github.com/segmentio/kafka-go"},
	"cnalab/labs/check/postgres":        {"github.com/jackc/pgx/v5", "github.com/jackc/pgx/v5/pgconn"},
	"cnalab/server/site":                {"cnalab/server/session/event"}, // what a session tells of, both must name
	"cnalab/server/site/labpage":        {"cnalab/server/session/event"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func TestWhoImportsWhom(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			for _, r := range rules {
				if breaks(p.ImportPath, imported, r.from, r.never) {
					t.Errorf("%s imports %s: %s", p.ImportPath, imported, r.why)
				}
			}
		}
	}
}

// nouns are what every package may know, so they know none.
const nouns = "cnalab/labs"

func TestNounsKnowNobody(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			if p.ImportPath == nouns && under(imported, "cnalab/") {
				t.Errorf("%s imports %s: everybody imports the nouns", nouns, imported)
			}
		}
	}
}

func breaks(from, imported, ruleFrom, never string) bool {
	if !under(from, ruleFrom) || !under(imported, never) || under(imported, ruleFrom) {
		return false
	}
	for _, ok := range allowed[from] {
		if imported == ok {
			return false
		}
	}
	return true
}

// under reports whether path is prefix, or lies below it.
func under(path, prefix string) bool {
	prefix = strings.TrimSuffix(prefix, "/")
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}

func packages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-tags", "lab", "-test=false", "-json=ImportPath,Imports", "cnalab/...").Output()
	if err != nil {
		t.Fatalf("list packages: %v", err)
	}
	var all []goPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		switch err := d.Decode(&p); err {
		case nil:
			all = append(all, p)
		case io.EOF:
			return all
		default:
			t.Fatalf("read the list of packages: %v", err)
		}
	}
}

// longestChain is how many packages of ours a reader has to know, one below the
// other, to follow a call to its end.
const longestChain = 6

func TestImportChainsAreShort(t *testing.T) {
	imports := map[string][]string{}
	for _, p := range packages(t) {
		imports[p.ImportPath] = p.Imports
	}
	for path := range imports {
		if chain := chainFrom(path, imports, map[string][]string{}); len(chain) > longestChain {
			t.Errorf("a chain of %d packages, wanted %d at most: %s", len(chain), longestChain, strings.Join(chain, " > "))
		}
	}
}

// chainFrom returns the longest chain of our packages that begins with path.
func chainFrom(path string, imports, known map[string][]string) []string {
	if chain := known[path]; chain != nil {
		return chain
	}
	var longest []string
	for _, imported := range imports[path] {
		if _, ours := imports[imported]; !ours {
			continue
		}
		if chain := chainFrom(imported, imports, known); len(chain) > len(longest) {
			longest = chain
		}
	}
	known[path] = append([]string{path}, longest...)
	return known[path]
}

func TestRulesCatch(t *testing.T) {
	if !breaks("cnalab/web/lab", "cnalab/labs", "cnalab/web/", "cnalab/labs") {
		t.Error("a page that imports labs is not caught")
	}
	if breaks("cnalab/server/sandbox/embedded", "cnalab/server/sandbox", "cnalab/server/sandbox", "cnalab/server/session") {
		t.Error("a provider that imports sandbox is caught")
	}
}
