package console

import (
	"fmt"
	"io"
	"text/tabwriter"

	"cnalab/labs/translate"
	"cnalab/server/doctor"
)

// symbols stand before each line, so that a fault is found at a glance.
var symbols = map[doctor.State]string{doctor.Good: "✓", doctor.Missing: "✗", doctor.Lacking: "!", doctor.Note: "·"}

// Findings writes a line for each finding, with its fix on the next, in a language.
func Findings(w io.Writer, findings []doctor.Finding, language string) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		fmt.Fprintf(table, "%s %s\t%s\n", symbols[f.State], nameIn(language, f.Name), translate.In(language, f.Say))
		if f.Fix != "" {
			fmt.Fprintf(table, "\t→ %s\n", translate.In(language, f.Fix))
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write what was found: %w", err)
	}
	return nil
}

// koreanNames are the things whose name is one word; others are with the sentences,
// or products. A word alone may be anything in a verdict.
var koreanNames = map[string]string{
	"pages": "페이지", "memory": "메모리", "disk": "디스크", "port": "포트", "terminal": "터미널", "libraries": "라이브러리",
	"rootless": "루트 없는 엔진", "clusters": "클러스터", "images": "이미지", "registry": "레지스트리",
}

func nameIn(language, name string) string {
	if korean := koreanNames[name]; language == "ko" && korean != "" {
		return korean
	}
	return translate.In(language, name)
}
