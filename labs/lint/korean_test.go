package lint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cnalab/labs/labtest"
	"cnalab/labs/translate"
)

// TestKorean breaks one rule at a time of a lab that is whole in Korean.
func TestKorean(t *testing.T) {
	says := func(code string) func(*testing.T, string) {
		return addCheck("var c = check.New(nil)\nfunc say(next string) {}\nconst call = \"Call Kim.\"\nfunc init() {\n" + code + "\n}")
	}
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, lab string)
		want  []string // how the violations begin, all of them; none where it is whole
	}{
		{"whole", func(*testing.T, string) {}, nil},
		{"no names", change("lab.yaml", koreanOfNew, ""),
			[]string{`lab.yaml: a lab that is translated has its names in Korean`}},
		{"no text", remove("steps/01-greet.ko.md"), []string{`steps/01-greet.ko.md: each step of a translated lab`}},
		{"other English", change("steps/01-greet.md", "On the first day", "On the second day"),
			[]string{`steps/01-greet.ko.md:1: "` + sum(t) + `": a translation is of the English as it is now. Compare it with steps/01-greet.md, and run labs translated 010-greeting/1.`}},
		{"no mark", change("steps/01-greet.ko.md", "<!-- english: ", "<!-- from: "), []string{`steps/01-greet.ko.md:1: a translation is of the English`}},
		{"no sentence", change("checks/ko.yaml", `"Print Hello, `, `"Say Hello, `), []string{
			`checks/checks_test.go:28: "Print Hello, a comma, and the first argument.": what a check says is in checks/ko.yaml`,
			`checks/ko.yaml: "Say Hello, a comma, and the first argument.": ko.yaml has only what the checks say`}},
		{"no file", remove("checks/ko.yaml"), []string{`checks/checks_test.go:15: "The program greets whoever it is told to": what`,
			`checks/checks_test.go:26: "hello %s prints`, `checks/checks_test.go:28: "Print Hello`}},
		{"no YAML", put("checks/ko.yaml", "a: [\n"), []string{`checks/ko.yaml: ko.yaml is a map from English to Korean`}},
		{"key twice", put("checks/ko.yaml", "a: b\na: c\n"), []string{`checks/ko.yaml: ko.yaml is a map from English to Korean`}},
		{"an argument less", change("checks/ko.yaml", "%[1]s를 실행하면 %[1]s에게", "그에게"), []string{`checks/ko.yaml: "hello 그에게 하는`}},
		{"hardly a word", put("checks/ko.yaml", "\"%s and %s\": \"%s, %s\"\n"), []string{`checks/checks_test.go:15: `, `checks/checks_test.go:26: `, `checks/checks_test.go:28: `,
			`checks/ko.yaml: "%s and %s": ko.yaml has only`}},
		{"joined", says(`c.NotYet(check.Finding{Say: "No " + file + " is here."})`), []string{`checks/more_test.go:11: "No %s is here.": what`}},
		{"joined with Sprintf", says(`c.NotYet(check.Finding{Say: "100% of " + fmt.Sprintf("%d are there.", 2)})`), []string{`checks/more_test.go:11: "100%% of %d are there.": what`}},
		{"made by Sprintf", says(`c.NotYet(check.Finding{Next: fmt.Sprintf("Look at %s.", file)})`), []string{`checks/more_test.go:11: "Look at %s.": what`}},
		{"hardly a word in a check", says(`c.NotYet(check.Finding{Say: "A " + file + "."})`), nil},
		{"in a field later", says(`f.Got = "two of them"`), []string{`checks/more_test.go:11: "two of them": what a check says`}},
		{"with Must", says(`c.Must(err, "It did not answer.")`), []string{`checks/more_test.go:11: "It did not answer.": what`}},
		{"for a parameter", says(`say(call)`), []string{`checks/more_test.go:11: "Call Kim.": what`}},
		{"in a table", says(`for range []struct{ key, next string }{{"a", "Call."}} {}`), []string{`checks/more_test.go:11: "Call.": what`}},
		{"as an argument", says("for _, what := range []string{\"a volume\"} {\nsay(fmt.Sprintf(\"There is %s too many.\", what))\n}"),
			[]string{`checks/more_test.go:11: "a volume": what`, `checks/more_test.go:12: "There is %s too many.": what`}},
		{"of a function", says("how := func() string { return \"\" }\n_ = how\nsay(which())\n}\nfunc which() string {\nreturn \"Look at both.\""), []string{`checks/more_test.go:16: "Look at both.": what`}},
		{"twice", says(`say(call); say(call)`), []string{`checks/more_test.go:11: "Call Kim.": what`}},
		{"data", says("want := \"Hello, \" + name + \"!\"\n_ = check.Finding{Got: \"200\", Want: `{\"id\"}`}\n_ = check.Finding{Got: \"3 of them\", Want: \"Green tea\"}"), nil},
		{"of the program", says(`say("Check again.")`), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, lab := labtest.New(t)
			test.spoil(t, lab)
			found := Lab(lab, nil)
			for _, want := range test.want {
				if !begins(found, "010-greeting/"+want) {
					t.Errorf("no violation begins with\n%s", want)
				}
			}
			if len(found) != len(test.want) {
				t.Errorf("want %d violations, got\n%s", len(test.want), lines(found))
			}
		})
	}
}

// TestEnglishAlone shows that nobody has to translate a lab.
func TestEnglishAlone(t *testing.T) {
	_, lab := labtest.New(t)
	change("lab.yaml", koreanOfNew, "")(t, lab)
	for _, file := range []string{"steps/01-greet.ko.md", translate.File} {
		remove(file)(t, lab)
	}
	if found := Lab(lab, nil); len(found) > 0 {
		t.Errorf("it is broken:\n%s", lines(found))
	}
}

// koreanOfNew is what the lab.yaml of a new lab has in Korean.
const koreanOfNew = "ko:\n  title: 인사\n  summary: 누구든 들은 이름에게 인사하는 프로그램을 씁니다.\n"

// change replaces a text that is in a file.
func change(name, text, by string) func(*testing.T, string) {
	return func(t *testing.T, lab string) {
		before, err := os.ReadFile(filepath.Join(lab, name))
		if err != nil || !strings.Contains(string(before), text) {
			t.Fatalf("%s does not hold %q (%v)", name, text, err)
		}
		labtest.Write(t, strings.ReplaceAll(string(before), text, by), lab, name)
	}
}

// sum is what the Korean text of a new lab says of its English.
func sum(t *testing.T) string {
	_, lab := labtest.New(t)
	english, err := os.ReadFile(filepath.Join(lab, "steps/01-greet.md"))
	if err != nil {
		t.Fatal(err)
	}
	return translate.Sum(string(english))
}
