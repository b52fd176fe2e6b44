package manifest

import (
	"testing"

	"cnalab/labs"
)

// Whatever an author writes into lab.yaml, it is read or told of.
func FuzzManifest(f *testing.F) {
	for _, seed := range []string{
		"0\r...0:", "title: T\n...\ntitle: U\n", "title: T\nsummary: S\nminutes: 10\nhalf: build\nparts: {kafka: }\n", "title: a: b\n", "minutes: soon\n", "- a\n", "a: &x [*x]\n", "---\n---\n", "parts: {a: {kind: postgres, after: [a]}}\n",
		"? [a]\n: b\n", "title: !!binary x\n", "ko: {title: 1}\nmap: [[[]]]\n", "title: |2\n x\n", "\t", "parts: {<<: {a: b}}\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, found := parse("010-greeting/lab.yaml", []byte(text))
		found = append(found, m.Offered()...)
		if m.Parsed() {
			found = append(found, m.Validate()...)
		}
		for _, v := range found {
			if v.File != "010-greeting/lab.yaml" || v.Rule == "" || v.Fix == "" {
				t.Errorf("%+v", v)
			}
		}
		_, _ = m.InOrder(), labs.SortViolations(found)
	})
}
