package report

import (
	"golang.org/x/text/width"

	"cnalab/labs"
)

// labels are what a report says around the words of the checks. Those of one
// language are equally wide.
type labels struct {
	got, want, at, next string
	theStep             string // for a check without a name
	verdicts            map[labs.Verdict]string
}

var english = labels{
	got: "got   ", want: "want  ", at: "at    ", next: "next  ", theStep: "the step",
	verdicts: map[labs.Verdict]string{labs.Passed: "passed", labs.NotYet: "not yet", labs.CouldNotCheck: "could not check"},
}

var korean = labels{
	got: "결과  ", want: "기대  ", at: "위치  ", next: "다음  ", theStep: "이 단계",
	verdicts: map[labs.Verdict]string{labs.Passed: "통과", labs.NotYet: "아직", labs.CouldNotCheck: "확인 못 함"},
}

// labelsIn are the labels of a language, English where it has none.
func labelsIn(language string) labels {
	if language == "ko" {
		return korean
	}
	return english
}

// Verdict is what a verdict is called in a language.
func Verdict(v labs.Verdict, language string) string { return labelsIn(language).verdicts[v] }

// columns is how many columns of a terminal a text takes.
func columns(text string) (n int) {
	for _, r := range text {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}
