package manifest

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
)

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

// noteKeys notes where the keys of a part, and the entries of its lists, stand.
func (m *Manifest) noteKeys(path string, node ast.Node) {
	pairs, _ := pairsOf(node)
	for _, pair := range pairs {
		key := path + "/" + strings.Trim(pair.Key.String(), `"'`)
		m.lines[key] = lineOfNode(pair)
		m.noteKeys(key, pair.Value)
		if list, ok := pair.Value.(*ast.SequenceNode); ok {
			for _, entry := range list.Values {
				m.lines[key+"/"+strings.Trim(entry.String(), `"'`)] = entry.GetToken().Position.Line
			}
		}
	}
}

func lineOfNode(pair *ast.MappingValueNode) int { return pair.Key.GetToken().Position.Line }
