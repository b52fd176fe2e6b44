package translate

import (
	"os"
	"path/filepath"
	"testing"

	"cnalab/labs/labtest"
)

func TestFits(t *testing.T) {
	for _, test := range []struct {
		english, korean string
		want            bool
	}{
		{"%s has %d.", "%s에 %d개가 있습니다.", true},
		{"%s has %d.", "%[2]d개가 %[1]s에 있습니다.", true},
		{"%s has %d.", "%d개가 %s에 있습니다.", false},
		{"%s has %d.", "%s에 있습니다.", false},
		{"%s has %d.", "%s에 %d개, 모두 %d개가 있습니다.", false},
		{"%s has %d.", "%[2]d개가 %[1]s에, %[2]d개 모두 있습니다.", true},
		{"%.1f MB of %5d, %d%%", "%[2]d 가운데 %[1]f MB, %[3]d%%", true},
		{"%+v", "%v", true},
		{"No format.", "100%입니다.", true},
		{"%s", "", false},
	} {
		if got := Fits(test.english, test.korean); got != test.want {
			t.Errorf("%q for %q: %v", test.korean, test.english, got)
		}
	}
}

// TestMark changes the English, and marks the Korean as compared.
func TestMark(t *testing.T) {
	_, lab := labtest.New(t)
	korean := filepath.Join(lab, "steps", "01-greet.ko.md")
	labtest.Write(t, "# Other\r\n", lab, "steps/01-greet.md")
	for range 2 {
		labtest.Write(t, "# 다름\n", lab, "steps/01-greet.ko.md")
		changed, err := Mark(lab, 1)
		if err != nil || len(changed) != 1 || changed[0] != korean {
			t.Fatalf("changed %v, %v", changed, err)
		}
		text, err := os.ReadFile(korean)
		if err != nil {
			t.Fatal(err)
		}
		if english, rest := Cut(string(text)); english != Sum("# Other\n") || rest != "# 다름\n" {
			t.Errorf("the file holds %q", text)
		}
		if changed, err := Mark(lab, 0); err != nil || len(changed) > 0 {
			t.Errorf("marked again: %v, %v", changed, err)
		}
	}
	if changed, err := Mark(lab, 2); err != nil || len(changed) > 0 {
		t.Errorf("a step that is not there: %v, %v", changed, err)
	}
}

func TestSentences(t *testing.T) {
	_, lab := labtest.New(t)
	all := Sentences(lab)["ko"]
	for _, english := range []string{"Check again.", "Print Hello, a comma, and the first argument."} {
		if all[english] == "" {
			t.Errorf("%q is not there", english)
		}
	}
	labtest.Write(t, "a: [\n", lab, File)
	if _, err := Lab(lab); err == nil {
		t.Error("a broken file is read")
	}
	if all := Sentences(lab)["ko"]; all["Check again."] == "" {
		t.Error("a broken file hides what the program says")
	}
}
