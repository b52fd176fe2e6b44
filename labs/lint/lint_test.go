package lint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"cnalab/labs"
	"cnalab/labs/labtest"
	"cnalab/labs/scaffold"
)

const schemaLine = "# yaml-language-server: $schema=../manifest/lab.schema.json\n"

// koreanNames are what the lab.yaml of a translated lab has.
const koreanNames = "ko: {title: 가, summary: 나.}\n"

// manifestWith is a whole lab.yaml with more lines.
func manifestWith(lines string) string {
	return schemaLine + "title: T\nsummary: S.\nminutes: 30\nhalf: build\n" + lines
}

// TestLab breaks one rule at a time of a lab that is whole, and looks
// for the violation: its file, line, value and rule.
func TestLab(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, lab string)
		want  string // how the violation begins
	}{
		{"no lab.yaml", remove("lab.yaml"), `010-greeting/lab.yaml: a lab has a readable lab.yaml`},
		{"unknown key", put("lab.yaml", manifestWith("need: [kafka]\n")), `010-greeting/lab.yaml:6: "need": lab.yaml has only keys`},
		{"key twice", put("lab.yaml", manifestWith("title: again\n")), `010-greeting/lab.yaml:6: "title": lab.yaml is YAML`},
		{"wrong type", put("lab.yaml", "title: T\nsummary: S.\nminutes: soon\n"), `010-greeting/lab.yaml:3: "soon": lab.yaml is YAML of the right types`},
		{"list for word", put("lab.yaml", "title: [a]\nsummary: S.\nminutes: 30\n"), `010-greeting/lab.yaml:1: `},
		{"no mapping", put("lab.yaml", "- title\n"), `010-greeting/lab.yaml:1: lab.yaml holds one KEY: VALUE a line`},
		{"no title", put("lab.yaml", "summary: S.\nminutes: 30\n"), `010-greeting/lab.yaml: lab.yaml has a title`},
		{"empty title", put("lab.yaml", "title: ' '\nsummary: S.\nminutes: 30\n"), `010-greeting/lab.yaml:1: " ": lab.yaml has a title`},
		{"no summary", put("lab.yaml", "title: T\nminutes: 30\n"), `010-greeting/lab.yaml: lab.yaml has a summary`},
		{"half a translation", put("lab.yaml", manifestWith("ko:\n  title: 가\n")), `010-greeting/lab.yaml:6: "가": ko has a title and a summary`},
		{"unknown word of a translation", put("lab.yaml", manifestWith("ko:\n  name: 가\n")), `010-greeting/lab.yaml:7: "name": lab.yaml is YAML`},
		{"no minutes", put("lab.yaml", "title: T\nsummary: S.\n"), `010-greeting/lab.yaml: "0": minutes`},
		{"minutes below", put("lab.yaml", "title: T\nsummary: S.\nminutes: -3\n"), `010-greeting/lab.yaml:3: "-3": minutes`},
		{"empty yaml", put("lab.yaml", ""), `010-greeting/lab.yaml: lab.yaml has a title`},
		{"a key of old", put("lab.yaml", manifestWith("needs:\n  - kafka\n")), `010-greeting/lab.yaml:6: "needs": a sandbox is said in parts. Write it below parts: kafka:`},
		{"services of old", put("lab.yaml", manifestWith("services: [order]\n")), `010-greeting/lab.yaml:6: "services": a sandbox is said in parts. Write it below parts: order: {kind: service, database: order}`},
		{"a cluster of old", put("lab.yaml", manifestWith("cluster: {workers: 2}\n")), `010-greeting/lab.yaml:6: "cluster": a sandbox is said in parts. Write it below parts: kubernetes: {workers: 2}`},
		{"parts that are a list", put("lab.yaml", manifestWith("parts: [kafka]\n")), `010-greeting/lab.yaml:6: "[kafka]": parts holds NAME: {kind: …}`},
		{"unknown kind", put("lab.yaml", manifestWith("parts:\n  kafka:\n  cache: {kind: redis}\n")), `010-greeting/lab.yaml:8: "redis": a part is of a kind`},
		{"unknown kind by its name", put("lab.yaml", manifestWith("parts:\n  kafka:\n  redis:\n")), `010-greeting/lab.yaml:8: "redis": a part is of a kind`},
		{"part twice", put("lab.yaml", manifestWith("parts:\n  kafka:\n  kafka:\n")), `010-greeting/lab.yaml:8: "kafka": lab.yaml is YAML`},
		{"unknown field", put("lab.yaml", manifestWith("parts:\n  kafka: {topic: orders}\n")), `010-greeting/lab.yaml:7: "topic": lab.yaml is YAML`},
		{"field of another kind", put("lab.yaml", manifestWith("parts:\n  postgres:\n    databases: [order]\n    image: nginx\n")), `010-greeting/lab.yaml:9: "image": a part of kind postgres has no image. It may have databases, roles, statements.`},
		{"replicas of what has none", put("lab.yaml", manifestWith("parts:\n  kafka: {replicas: 2}\n")), `010-greeting/lab.yaml:7: "replicas": a part of kind kafka has no replicas`},
		{"TLS of what has none", put("lab.yaml", manifestWith("parts:\n  postgres:\n    tls: true\n")), `010-greeting/lab.yaml:8: "tls": a part of kind postgres has no tls. It may have databases, roles, statements.`},
		{"TLS that is neither true nor false", put("lab.yaml", manifestWith("parts:\n  hello: {kind: service, tls: always}\n")), `010-greeting/lab.yaml:7: "always": lab.yaml is YAML of the right types`},
		{"too many replicas", put("lab.yaml", manifestWith("parts:\n  hello: {kind: service, replicas: 50}\n")), `010-greeting/lab.yaml:7: "50": a part has 1 to 5 replicas`},
		{"container without an image", put("lab.yaml", manifestWith("parts:\n  web: {kind: container, ports: {http: 80}}\n")), `010-greeting/lab.yaml:7: a container has an image`},
		{"image in capitals", put("lab.yaml", manifestWith("parts:\n  web:\n    kind: container\n    image: 'Nginx:Latest!'\n    ports: {http: 80}\n")), `010-greeting/lab.yaml:9: "Nginx:Latest!": an image has a name that an engine can read`},
		{"image with a tag that is empty", put("lab.yaml", manifestWith("parts:\n  web:\n    kind: container\n    image: 'nginx:'\n    ports: {http: 80}\n")), `010-greeting/lab.yaml:9: "nginx:": an image has a name that an engine can read`},
		{"image of two words", put("lab.yaml", manifestWith("parts:\n  web:\n    kind: container\n    image: 'a b'\n    ports: {http: 80}\n")), `010-greeting/lab.yaml:9: "a b": an image has a name that an engine can read`},
		{"image with half a digest", put("lab.yaml", manifestWith("parts:\n  web:\n    kind: container\n    image: 'nginx@sha256:abc'\n    ports: {http: 80}\n")), `010-greeting/lab.yaml:9: "nginx@sha256:abc": an image has a name that an engine can read`},
		{"image that is a web page", put("lab.yaml", manifestWith("parts:\n  web:\n    kind: container\n    image: 'https://nginx'\n    ports: {http: 80}\n")), `010-greeting/lab.yaml:9: "https://nginx": an image has a name that an engine can read`},
		{"container without a port", put("lab.yaml", manifestWith("parts:\n  web: {kind: container, image: nginx}\n")), `010-greeting/lab.yaml:7: a container has a port`},
		{"port twice", put("lab.yaml", manifestWith("parts:\n  web:\n    kind: container\n    image: nginx\n    ports:\n      http: 80\n      other: 80\n")), `010-greeting/lab.yaml:12: "80": each port is named once`},
		{"port out of range", put("lab.yaml", manifestWith("parts:\n  web: {kind: container, image: nginx, ports: {http: 80000}}\n")), `010-greeting/lab.yaml:7: "80000": a port is a number`},
		{"file that is not there", put("lab.yaml", manifestWith("parts:\n  web:\n    kind: container\n    image: nginx\n    ports: {http: 80}\n    files:\n      /etc/nginx.conf: files/nginx.conf\n")), `010-greeting/lab.yaml:12: "files/nginx.conf": a file that a part is given`},
		{"file outside the lab", put("lab.yaml", manifestWith("parts:\n  web:\n    kind: container\n    image: nginx\n    ports: {http: 80}\n    files: {/etc/passwd: ../../go.mod}\n")), `010-greeting/lab.yaml:11: "../../go.mod": a file that a part is given`},
		{"after nobody", put("lab.yaml", manifestWith("parts:\n  kafka:\n  hello:\n    kind: service\n    after: [kafka, ghost]\n")), `010-greeting/lab.yaml:10: "ghost": after names parts of this lab. Its parts are: kafka, hello.`},
		{"after in a circle", put("lab.yaml", manifestWith("parts:\n  kafka: {after: [hello]}\n  hello:\n    kind: service\n    after: [kafka]\n")), `010-greeting/lab.yaml:7: "kafka → hello → kafka": no part waits for itself`},
		{"database of nobody", put("lab.yaml", manifestWith("parts:\n  postgres: {databases: [order]}\n  hello: {kind: service, database: stock}\n")), `010-greeting/lab.yaml:8: "stock": a service's database is one of a Postgres part's`},
		{"told of a database of nobody", put("lab.yaml", manifestWith("parts:\n  postgres: {databases: [order]}\n  hello: {kind: service, databases: [order, stock]}\n")), `010-greeting/lab.yaml:8: "stock": a service is told of databases that a Postgres part has`},
		{"database twice", put("lab.yaml", manifestWith("parts:\n  postgres: {databases: [order]}\n  audit: {kind: postgres, databases: [order]}\n")), `010-greeting/lab.yaml:8: "order": each database is named once`},
		{"role of a database of nobody", put("lab.yaml", manifestWith("parts:\n  postgres: {databases: [order], roles: {page: view}}\n")), `010-greeting/lab.yaml:7: "view": a role is let into a database of its part`},
		{"role with the name of a database", put("lab.yaml", manifestWith("parts:\n  postgres:\n    databases: [order]\n    roles: {order: order}\n")), `010-greeting/lab.yaml:9: "order": no role has the name of another one or of a database`},
		{"too many workers", put("lab.yaml", manifestWith("parts:\n  kubernetes:\n    workers: 9\n")), `010-greeting/lab.yaml:8: "9": a cluster has 0 to 3 workers`},
		{"service of nobody", put("lab.yaml", manifestWith("parts:\n  hello: {kind: service}\n  ghost: {kind: service}\n")), `010-greeting/lab.yaml:8: "ghost": a service has a folder`},
		{"fixture of nobody", put("lab.yaml", manifestWith("parts:\n  order: {kind: fixture}\n  ghost: {kind: fixture}\n")), `010-greeting/lab.yaml:8: "ghost": a fixture has a folder`},
		{"part with a path", put("lab.yaml", manifestWith("parts:\n  ../hello: {kind: service}\n")), `010-greeting/lab.yaml:7: "../hello": a part is named`},
		{"no half", put("lab.yaml", "title: T\nsummary: S.\nminutes: 30\n"), `010-greeting/lab.yaml: half is the half of the course`},
		{"another half", put("lab.yaml", "title: T\nsummary: S.\nminutes: 30\nhalf: third\n"), `010-greeting/lab.yaml:4: "third": half is the half of the course`},
		{"unknown word of the map", put("lab.yaml", manifestWith("map:\n  boxes: []\n")), `010-greeting/lab.yaml:7: "boxes": lab.yaml is YAML`},
		{"unknown row", put("lab.yaml", manifestWith("map:\n  nodes:\n    - {name: a, row: services}\n    - {name: b, row: attic}\n")), `010-greeting/lab.yaml:9: "attic": a node of the map has a row and a shape that can be drawn. Use one of entry, services`},
		{"unknown shape", put("lab.yaml", manifestWith("map:\n  nodes:\n    - name: a\n      row: services\n      shape: star\n")), `010-greeting/lab.yaml:10: "star": a node of the map has a row and a shape that can be drawn. Use one of box, store, log.`},
		{"no row", put("lab.yaml", manifestWith("map:\n  nodes:\n    - {name: a}\n")), `010-greeting/lab.yaml:8: "a": a node of the map has a row, or stands under another`},
		{"row and under", put("lab.yaml", manifestWith("map:\n  nodes:\n    - {name: a, row: stores}\n    - {name: b, row: stores, under: a}\n")), `010-greeting/lab.yaml:9: "b": a node of the map has a row, or stands under another`},
		{"under nothing", put("lab.yaml", manifestWith("map:\n  nodes:\n    - {name: a, under: ghost}\n")), `010-greeting/lab.yaml:8: "ghost": the map has what is named there`},
		{"link to nothing", put("lab.yaml", manifestWith("map:\n  nodes:\n    - {name: a, row: services}\n  links:\n    - {from: a, to: ghost}\n")), `010-greeting/lab.yaml:10: "ghost": the map has what is named there`},
		{"frame around nothing", put("lab.yaml", manifestWith("map:\n  frames:\n    - {name: a, around: []}\n")), `010-greeting/lab.yaml:8: "a": a frame of the map is around something`},
		{"frame around nobody", put("lab.yaml", manifestWith("map:\n  frames:\n    - name: a\n      around:\n        - services\n        - ghost\n")), `010-greeting/lab.yaml:11: "ghost": the map has what is named there`},
		{"name twice on the map", put("lab.yaml", manifestWith("map:\n  nodes:\n    - {name: a, row: services}\n    - {name: a, row: services}\n")), `010-greeting/lab.yaml:8: "a": no two things on the map have the same name`},
		{"name of a row", put("lab.yaml", manifestWith("map:\n  frames:\n    - {name: stores, around: [stores]}\n")), `010-greeting/lab.yaml:8: "stores": what stands on the map has a name that no row has`},
		{"planned with steps", put("lab.yaml", manifestWith("planned: true\n")), `010-greeting/checks: a planned lab has nothing but lab.yaml`},
		{"stray file", put("notes.txt", ""), `010-greeting/notes.txt: a lab's folder holds only`},

		{"no steps", remove("steps"), `010-greeting/steps: a lab has at least one step`},
		{"gap", put("steps/03-late.md", step), `010-greeting/steps: "03-late.md": steps are numbered from 01`},
		{"number twice", put("steps/01-other.md", step), `010-greeting/steps: "01-other.md": steps are numbered`},
		{"stray step", put("steps/one.md", step), `010-greeting/steps/one.md: steps holds only texts`},
		{"no step title", put("steps/01-greet.md", "Text\n## Hints\n### A\nb\n### B\nb\n"), `010-greeting/steps/01-greet.md:1: a step's text starts with its title`},
		{"no body", put("steps/01-greet.md", "# T\n## Hints\n### A\nb\n### B\nb\n"), `010-greeting/steps/01-greet.md: a step's text says what to do`},
		{"no hints", put("steps/01-greet.md", "# T\nText\n"), `010-greeting/steps/01-greet.md: a step has hints`},
		{"hint without text", put("steps/01-greet.md", "# T\nText\n## Hints\n### A\n### B\nb\n"), `010-greeting/steps/01-greet.md:4: "A": a hint has a title and a text`},
		{"other number of hints", put("steps/01-greet.ko.md", step), `010-greeting/steps/01-greet.ko.md:5: "1 hints": a translation has as many hints`},
		{"translation of nothing", put("steps/01-hello.ko.md", step), `010-greeting/steps/01-hello.ko.md: a translated step`},
		{"dead link", put("steps/01-greet.md", "# T\n\nSee [it](file:hello/lost.go) now\n## Hints\n### A\nb\n### B\nb\n"),
			`010-greeting/steps/01-greet.md:3: "hello/lost.go": a file link leads to a file`},
		{"placeholder in brackets", put("steps/01-greet.md", "# T\n\n```sh\ncurl $HELLO/<name>\n```\n## Hints\n### A\nb\n### B\nb\n"),
			`010-greeting/steps/01-greet.md:4: "<name>": what the learner fills in is written in capitals, as YOUR-NAME`},
		{"placeholder of dots", put("steps/01-greet.md", "# T\n\n```sh\ncurl …/hello\n```\n## Hints\n### A\nb\n### B\nb\n"),
			`010-greeting/steps/01-greet.md:4: "…": what the learner fills in is written in capitals, as YOUR-NAME`},
		{"placeholder among commands", put("steps/01-greet.md", "# T\n\n1. Do:\n   ```sh\n   ls\n   curl $HELLO/YOUR-NAME\n   ```\n## Hints\n### A\nb\n### B\nb\n"),
			`010-greeting/steps/01-greet.md:6: "YOUR-NAME": a command to be filled in has a block of its own`},

		{"no check", put("checks/checks_test.go", "//go:build lab\n\npackage checks\n"), `010-greeting/steps/01-greet.md: a step has a check`},
		{"check of no step", addCheck("func TestStep07_Late(t *testing.T) {}"), `010-greeting/checks/more_test.go:7: "TestStep07_Late": a check belongs to a step`},
		{"name of no step", addCheck("func TestLate(t *testing.T) {}"), `010-greeting/checks/more_test.go:7: "TestLate": a check's name starts with its step`},
		{"check twice", addCheck("func TestStep01_GreetsByName(t *testing.T) {}"), `010-greeting/checks/more_test.go:7: "TestStep01_GreetsByName": no two checks`},
		{"skips", addCheck("func TestStep01_A(t *testing.T) { t.Skipf(\"x\") }"), `010-greeting/checks/more_test.go:7: "t.Skipf": a check neither skips`},
		{"sleeps", addCheck("func TestStep01_A(t *testing.T) { time.Sleep(1) }"), `010-greeting/checks/more_test.go:7: "time.Sleep": a check neither skips nor sleeps`},
		{"points to its own step", addCheck("func TestStep01_A(t *testing.T) { t.Error(\"see step 1\") }"), `010-greeting/checks/more_test.go:7: "step 1": no check sends a learner to the step`},
		{"points to a step for all checks", addCheck("var next = \"Finish step 1 first.\""), `010-greeting/checks/more_test.go:7: "step 1": no check sends a learner to the step`},
		{"no tag", put("checks/more_test.go", "package checks\n"), `010-greeting/checks/more_test.go:1: checks are built only with the tag lab`},
		{"other tag", put("checks/more_test.go", "//go:build !lab\n\npackage checks\n"), `010-greeting/checks/more_test.go:1: checks are built only`},
		{"other package", put("checks/more_test.go", "//go:build lab\n\npackage other\n"), `010-greeting/checks/more_test.go:3: "other": checks are package checks`},
		{"imports the server", put("checks/more_test.go", "//go:build lab\n\npackage checks\n\nimport _ \"cnalab/server/grade\"\n"), `010-greeting/checks/more_test.go:5: "cnalab/server/grade": checks know`},
		{"no Go", put("checks/more_test.go", "//go:build lab\n\npackage checks\n\nfunc"), `010-greeting/checks/more_test.go: checks are Go`},

		{"folder of hand-ins", put("workspace/handin/01.sh", "true\n"), `010-greeting/workspace/handin: "handin": handin and receipt.json are what`},
		{"receipt of hand-ins", put("solution/01/receipt.json", "{}"), `010-greeting/solution/01/receipt.json: "receipt.json": handin and receipt.json are what`},
		{"no table", remove("checks/README.md"), `010-greeting/checks/README.md: the table says which check holds which sentence`},
		{"row of one cell", tableOf("| Try it |"), `010-greeting/checks/README.md:4: "| Try it |": a row has two cells`},
		{"row that quotes nothing", tableOf("| Make it sing | TestStep01_GreetsByName |"), `010-greeting/checks/README.md:4: "Make it sing": a row quotes the step's text`},
		{"row of no check", tableOf("| Make it print | TestStep01_Sings |"), `010-greeting/checks/README.md:4: "TestStep01_Sings": a row names checks of its step`},
		{"free without a reason", tableOf("| Make it print | free: |"), `010-greeting/checks/README.md:4: "Make it print": a sentence that no check holds says why`},
		{"sentence without a row", tableOf("| Make it print | TestStep01_GreetsByName |"), `010-greeting/steps/01-greet.md:7: each numbered sentence has its check`},
		{"check without a sentence", tableOf("| Make it print | free: x |"), `010-greeting/checks/checks_test.go:15: "TestStep01_GreetsByName": each check holds a sentence`},

		{"no solution", remove("solution"), `010-greeting/solution/01: each step has a solution`},
		{"solution of no step", put("solution/02/x.go", ""), `010-greeting/solution/02: solution holds one folder for each step`},
		{"stray solution", put("solution/readme.md", ""), `010-greeting/solution/readme.md: solution holds`},
		{"solution as before", func(t *testing.T, lab string) {
			same, _ := os.ReadFile(filepath.Join(lab, "workspace/hello/main.go"))
			put("solution/01/hello/main.go", string(same))(t, lab)
		}, `010-greeting/solution/01/hello/main.go: a layer holds only files that differ`},
		{"removes nothing", put("solution/01/removed.txt", "hello/gone.go\n"), `010-greeting/solution/01/removed.txt: "hello/gone.go": removed.txt names files`},
		{"empty attempt", put("checks/testdata/right/01-nothing/removed.txt", ""), `010-greeting/checks/testdata/right/01-nothing: a solution or an attempt changes something`},
		{"no wrong attempt", remove("checks/testdata/wrong"), `010-greeting/checks/testdata/wrong: step 1 has a wrong answer`},
		{"attempt without step", put("checks/testdata/wrong/lazy/x.go", ""), `010-greeting/checks/testdata/wrong/lazy: an attempt is a folder named by its step`},
		{"attempt of no step", put("checks/testdata/wrong/08-lazy/x.go", ""), `010-greeting/checks/testdata/wrong/08-lazy: "08": an attempt belongs to a step`},
		{"attempt that is a file", put("checks/testdata/right/01-lazy", ""), `010-greeting/checks/testdata/right/01-lazy: an attempt is a folder`},
		{"no workspace", remove("workspace"), `010-greeting/workspace: a lab has a workspace`},
		{"go.mod", put("workspace/go.mod", "module x\n"), `010-greeting/workspace/go.mod: a workspace has no module files`},
		{"go.sum in an attempt", put("checks/testdata/wrong/01-always-mina/go.sum", ""), `010-greeting/checks/testdata/wrong/01-always-mina/go.sum: a workspace has no module`},
		{"folder named workspace", put("solution/01/workspace/a.go", "package a\n"), `010-greeting/solution/01/workspace: "workspace": no Go package is named`},
		{"package named solution", put("workspace/a/a.go", "// Package.\npackage solution\n"), `010-greeting/workspace/a/a.go:2: "solution": no Go package is named`},
		{"left over", put("workspace/hello/main.go.orig", ""), `010-greeting/workspace/hello/main.go.orig: nothing is left over`},
		{"link", func(t *testing.T, lab string) {
			if err := os.Symlink("/etc", filepath.Join(lab, "workspace/etc")); err != nil {
				t.Skip("no links here:", err)
			}
		}, `010-greeting/workspace/etc: a lab holds ordinary files`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, lab := labtest.New(t)
			test.spoil(t, lab)
			found := Lab(lab, fstest.MapFS{"order/main.go": {}})
			if !begins(found, test.want) {
				t.Errorf("no violation begins with\n%s\nin\n%s", test.want, lines(found))
			}
			for _, v := range found {
				if v.Fix == "" || strings.HasSuffix(v.Rule, ".") {
					t.Errorf("%+v has no fix, or a rule that ends in a stop", v)
				}
			}
		})
	}
}

const step = "# T\n\nText.\n\n## Hints\n\n### One\n\nHint.\n"

func put(name, content string) func(*testing.T, string) {
	return func(t *testing.T, lab string) { labtest.Write(t, content, lab, name) }
}

func addCheck(check string) func(*testing.T, string) {
	return put("checks/more_test.go", "//go:build lab\n\npackage checks\n\nimport \"testing\"\n\n"+check+"\n")
}

func tableOf(row string) func(*testing.T, string) {
	return put("checks/README.md", "## 1\n| The text says | The check |\n|---|---|\n"+row+"\n")
}

func remove(name string) func(*testing.T, string) {
	return func(t *testing.T, lab string) {
		if err := os.RemoveAll(filepath.Join(lab, name)); err != nil {
			t.Fatal(err)
		}
	}
}

func begins(found []labs.Violation, want string) bool {
	for _, v := range found {
		if strings.HasPrefix(v.String(), want) {
			return true
		}
	}
	return false
}

func lines(found []labs.Violation) string {
	var all []string
	for _, v := range found {
		all = append(all, v.String())
	}
	return strings.Join(all, "\n")
}

// TestTellsAllAtOnce breaks rules of every kind in one lab.
func TestTellsAllAtOnce(t *testing.T) {
	_, lab := labtest.New(t)
	labtest.Write(t, "title: T\nsumary: S\nparts: {redis: , kubernets: }\nminutes: soon\n", lab, "lab.yaml")
	labtest.Write(t, "Text\n", lab, "steps/01-greet.md")
	addCheck("func TestStep09_A(t *testing.T) { t.Skip() }")(t, lab)
	labtest.Write(t, "", lab, "workspace/go.mod")
	found := Lab(lab, nil)
	for _, want := range []string{
		`010-greeting/lab.yaml: lab.yaml has a summary`, `010-greeting/lab.yaml:2: "sumary"`, `010-greeting/lab.yaml:3: "kubernets"`,
		`010-greeting/lab.yaml:3: "redis"`, `010-greeting/lab.yaml:4: "soon"`, `010-greeting/steps/01-greet.md:1: `, `010-greeting/steps/01-greet.md: a step has hints`,
		`010-greeting/steps/01-greet.ko.md:17: "2 hints"`, `010-greeting/checks/more_test.go:7: "TestStep09_A"`, `010-greeting/checks/more_test.go:7: "t.Skip"`,
		`010-greeting/workspace/go.mod`,
	} {
		if !begins(found, want) {
			t.Errorf("no violation begins with\n%s\nin\n%s", want, lines(found))
		}
	}
}

func TestAll(t *testing.T) {
	dir, lab := labtest.New(t)
	if found := All(dir, nil); len(found) > 0 {
		t.Errorf("a whole lab is broken:\n%s", lines(found))
	}
	for _, copied := range []string{"020-greeting", "010-other", "30_odd"} {
		if err := os.CopyFS(filepath.Join(dir, copied), os.DirFS(lab)); err != nil {
			t.Fatal(err)
		}
	}
	found := All(dir, nil)
	for _, want := range []string{
		`020-greeting: "greeting": no two labs have the same id`, `010-other: "010": no two labs have the same number`, `30_odd: "30_odd": a lab's folder is named`,
	} {
		if !begins(found, want) {
			t.Errorf("no violation begins with\n%s\nin\n%s", want, lines(found))
		}
	}
	if found := All(filepath.Join(dir, "gone"), nil); len(found) != 1 {
		t.Errorf("a folder that is not there: %v", found)
	}
}

// TestMapOfAll shows that labs may name what others put on the map,
// and that the later of two is told of a name that is taken.
func TestMapOfAll(t *testing.T) {
	dir, lab := labtest.New(t)
	other, err := scaffold.New(dir, "other")
	if err != nil {
		t.Fatal(err)
	}
	labtest.Write(t, manifestWith("map:\n  links:\n    - {from: other, to: front}\n  nodes:\n    - {name: front, row: entry}\n"+koreanNames), lab, "lab.yaml")
	if found := All(dir, nil); len(found) > 0 {
		t.Errorf("a link to a node of another lab is told:\n%s", lines(found))
	}
	labtest.Write(t, manifestWith("map:\n  nodes:\n    - {name: other, row: entry}\n    - {name: front, row: entry}\n"+koreanNames), other, "lab.yaml")
	want := `020-other/lab.yaml:9: "front": no two things on the map have the same name. Rename it, or take it out: 010-greeting has one of that name.`
	if found := All(dir, nil); len(found) != 1 || found[0].String() != want {
		t.Errorf("got\n%s\nwant\n%s", lines(found), want)
	}
}

func TestLinks(t *testing.T) {
	_, lab := labtest.New(t)
	labtest.Write(t, "x", lab, "solution/01/hello/made.go")
	labtest.Write(t, "hello/main.go\n", lab, "solution/01/removed.txt")
	labtest.Write(t, "# T\n\n[old](file:hello/main.go:3) [new](file:hello/made.go) [folder](file:hello) [web](https://example.org)\n\n```md\n[not a link](file:nowhere)\n```\n\n"+
		"## Hints\n### A\nb\n### B\n[dead](file:./../x)\n", lab, "steps/01-greet.md")
	found := Lab(lab, nil)
	if !begins(found, `010-greeting/steps/01-greet.md:13: "./../x": a file link`) {
		t.Errorf("a link out of the workspace is not told:\n%s", lines(found))
	}
	for _, v := range found {
		if strings.Contains(v.Rule, "file link") && v.Line != 13 {
			t.Errorf("a good link is told: %v", v)
		}
	}
}

func TestTakesImagesThatAnEngineCanRead(t *testing.T) {
	digest := "sha256:" + strings.Repeat("0", 64)
	for _, image := range []string{"nginx", "nginx:1.29", "nginx@" + digest, "nginx:1.29@" + digest, "cnalab-test/nginx:1", "localhost:5000/shop/web:2"} {
		_, lab := labtest.New(t)
		labtest.Write(t, manifestWith("parts:\n  web: {kind: container, image: '"+image+"', ports: {http: 80}}\n"+koreanNames), lab, "lab.yaml")
		if found := Lab(lab, nil); len(found) > 0 {
			t.Errorf("%s:\n%s", image, lines(found))
		}
	}
}
