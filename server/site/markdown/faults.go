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
	r.Step(body, r.Words(body))
	return pictures(body)
}

// pictures tells of the text's pictures that cannot be drawn.
func pictures(body string) (found []string) {
	source := []byte(body)
	_ = ast.Walk(parse(body), func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		block, ok := node.(*ast.FencedCodeBlock)
		if !ok || !entering || string(block.Language(source)) != "svg" {
			return ast.WalkContinue, nil
		}
		if _, err := cleanSVG(string(block.Lines().Value(source))); err != nil {
			found = append(found, "Mend the picture: "+err.Error()+".")
		}
		return ast.WalkSkipChildren, nil
	})
	return found
}
