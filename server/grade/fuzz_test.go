package grade

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"cnalab/labs"
)

// Whatever comes out of a check's process, it ends in a verdict that can be shown,
// and no word of it but a check's own makes one passed.
func FuzzEvents(f *testing.F) {
	const name = "TestStep01_Greets"
	for _, seed := range []string{
		`{"Action":"run","Test":"` + name + `"}{"Action":"pass","Test":"` + name + `"}`,
		`{"Action":"run","Test":"` + name + `"}{"Action":"output","Test":"` + name + `","Output":"\u0000"}{"Action":"fail","Test":"` + name + `"}`,
		`{"Action":"attr","Test":"` + name + `","Key":"cnalab.work","Value":"{\"more\":-1}"}`,
		`{"Action":"run","Test":"` + name + `"}{"Action":"attr","Test":"` + name + `","Key":"cnalab.finding","Value":"{}"}{"Action":"fail","Test":"` + name + `"}`,
		`{"Time":"x"}`, `[`, ``, `null`, `{"Action":"pass","Test":"` + name + `/sub"}`, `{"Action":"cont","Test":"` + name + `"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c := labs.CheckReport{Name: name, Title: "It greets."}
		r := &runner{Run: Run{Lab: &labs.Lab{ID: "greeting", Folder: "010-greeting"}}}
		p := &pass{runner: r, step: 1, checks: map[string]*labs.CheckReport{name: &c}, open: map[string]*running{}, ended: map[string]bool{}}
		_ = p.read(bytes.NewReader(text)) // a broken stream is told of with what ended the process
		p.conclude([]string{name}, ending{})
		if !utf8.ValidString(c.Say+c.Output) || c.Verdict == "" {
			t.Errorf("%+v", c)
		}
		if c.Verdict == labs.Passed && !bytes.Contains(text, []byte(`pass`)) {
			t.Errorf("passed by %q", text)
		}
	})
}
