package manifest

import "github.com/goccy/go-yaml/ast"

// PartLine returns where a part's key stands, or the part where it has none.
func (m *Manifest) PartLine(part, key string) int {
	return m.Line("parts/"+part+"/"+key, "parts/"+part)
}

// noteLines notes where everything below the value stands, by its YAML path.
func (m *Manifest) noteLines(value ast.Node) {
	for _, node := range ast.Filter(ast.StringType, value) {
		m.lines[node.GetPath()] = node.GetToken().Position.Line
	}
}
