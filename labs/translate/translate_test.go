package translate

import (
	"os"
	"path/filepath"
	"testing"

	"cnalab/labs/labtest"
)

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

// TestKorean has a lab's own sentences beside the program's.
func TestKorean(t *testing.T) {
	_, lab := labtest.New(t)
	for english, want := range map[string]string{
		"hello Mina prints something else than a greeting for Mina.": "hello Mina를 실행하면 Mina에게 하는 인사가 아닌 것이 나옵니다.",
		"Print Hello, a comma, and the first argument.":              "Hello와 쉼표와 첫 번째 인자를 출력하세요.",
		"hello does not compile.":                                    "hello 프로그램이 컴파일되지 않습니다.",
		"Nobody says this.":                                          "Nobody says this.",
	} {
		if got := Korean(lab).Translate(english); got != want {
			t.Errorf("%q is %q", english, got)
		}
	}
	labtest.Write(t, "a: [\n", lab, File)
	if _, err := Lab(lab); err == nil {
		t.Error("a broken file is read")
	}
	if got := Korean(lab).Translate("The go command does not run."); got == "The go command does not run." {
		t.Error("a broken file hides what the program says")
	}
}
