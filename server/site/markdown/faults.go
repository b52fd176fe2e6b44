package markdown

import (
	"fmt"

	"github.com/yuin/goldmark/ast"
)

// Faults are what keeps a page from being drawn of the text: a picture that is
// none, or what ends the drawing. Each is a sentence that says what to do.
func Faults(body string) (found []string) {
	defer func() {
		if cause := recover(); cause != nil {
			found = append(found, fmt.Sprintf("Write it in another way, and report this as an error of the program: %v.", cause))
		}
	}()
	var r Renderer
	r.HTML(body)
	r.Step(body, r.Words(body), "")
	return blocks(body)
}

// blocks tells of the text's pictures, questions and charts that cannot be drawn.
func blocks(body string) (found []string) {
	source := []byte(body)
	_ = ast.Walk(parse(body), func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		block, ok := node.(*ast.FencedCodeBlock)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		text := string(block.Lines().Value(source))
		switch string(block.Language(source)) {
		case "svg":
			if _, err := cleanSVG(text); err != nil {
				found = append(found, "Mend the picture: "+err.Error()+".")
			}
		case "question":
			if _, err := readQuestion(text); err != nil {
				found = append(found, "Mend the question: "+err.Error()+".")
			}
		case "chart":
			if _, err := readChart(text); err != nil {
				found = append(found, "Mend the chart: "+err.Error()+".")
			}
		}
		return ast.WalkSkipChildren, nil
	})
	return found
}
