// Package manifest reads lab.yaml and says what in it keeps a lab from being
// offered. It knows nothing of the other files of a lab's folder, nor of the
// labs beside it; packages load and lint do.
package manifest

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"cnalab/labs"
	"cnalab/labs/textfile"
)

// File is the file that makes a folder a lab.
const File = "lab.yaml"

// Manifest is lab.yaml as an author writes it.
type Manifest struct {
	labs.Name `yaml:",inline"`
	Minutes   int                  `yaml:"minutes" jsonschema:"minimum=5,maximum=120" jsonschema_description:"How long a learner takes."`
	Parts     map[string]labs.Part `yaml:"parts,omitempty" jsonschema_description:"What the sandbox is made of: NAME: {kind: …}; a known kind may stand by its own name."`
	Half      labs.Half            `yaml:"half" jsonschema:"enum=build,enum=run" jsonschema_description:"Which half of the course it belongs to: build, or run what is built."`
	Map       labs.Map             `yaml:"map,omitempty" jsonschema_description:"What the lab adds to the map of the shop; a service of its own name where it is left out."`
	Korean    labs.Name            `yaml:"ko,omitempty" jsonschema_description:"The title and the summary in Korean."`
	Planned   bool                 `yaml:"planned,omitempty" jsonschema_description:"The lab is described but not yet written: its folder has lab.yaml alone."`

	file  string         // with the lab's folder in front
	parts []labs.Part    // in the file's order
	lines map[string]int // where each key stands, and each key below parts as "parts/order/after"
}

// fields maps each key of lab.yaml to the place its value goes.
func (m *Manifest) fields() map[string]any {
	return map[string]any{
		"title": &m.Title, "summary": &m.Summary, "minutes": &m.Minutes,
		"parts": &m.Parts, "half": &m.Half, "map": &m.Map, "ko": &m.Korean, "planned": &m.Planned,
	}
}

// keyNames lists the keys in the order the messages name them.
const keyNames = "title, summary, minutes, parts, half, map, ko, planned"

// Read decodes dir's lab.yaml key by key, so that one wrong key does
// not hide the next.
func Read(dir string) (Manifest, []labs.Violation) {
	name := path.Join(filepath.Base(dir), File)
	data, err := textfile.Read(filepath.Join(dir, File), textfile.MaxFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Manifest{}, []labs.Violation{textfile.Violation(name, err)}
	}
	if err != nil {
		return Manifest{}, []labs.Violation{{File: name, Rule: "a lab has a readable lab.yaml",
			Fix: "Write one with the keys " + keyNames + "."}}
	}
	return parse(name, data)
}

func parse(name string, data []byte) (Manifest, []labs.Violation) {
	m := Manifest{file: name, lines: map[string]int{}}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return Manifest{}, []labs.Violation{yamlViolation(name, 0, err)}
	}
	if len(file.Docs) > 1 {
		return Manifest{}, []labs.Violation{another(name, file.Docs[1])}
	}
	pairs, ok := topPairs(file)
	if !ok {
		return Manifest{}, []labs.Violation{{File: name, Line: 1, Rule: "lab.yaml holds one KEY: VALUE a line",
			Fix: "Use the keys " + keyNames + "."}}
	}
	var found []labs.Violation
	for _, pair := range pairs {
		found = append(found, m.decode(name, pair)...)
	}
	return m, found
}

// another tells of a document after the first. It begins with ---, or with
// whatever follows the ... that ends the one before it.
func another(name string, d *ast.DocumentNode) labs.Violation {
	v := labs.Violation{File: name, Rule: "lab.yaml is one document", Fix: "Remove this line, and what is not lab.yaml's below or above it."}
	first := d.Start
	if first == nil && d.Body != nil {
		first = d.Body.GetToken()
	}
	if first != nil {
		v.Line, v.Value = first.Position.Line, first.Value
	}
	return v
}

// topPairs returns the document's KEY: VALUE pairs; an empty file has none.
func topPairs(file *ast.File) ([]*ast.MappingValueNode, bool) {
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, true
	}
	return pairsOf(file.Docs[0].Body)
}

// pairsOf returns the KEY: VALUE pairs of a mapping; nothing has none.
func pairsOf(node ast.Node) ([]*ast.MappingValueNode, bool) {
	switch body := node.(type) {
	case *ast.MappingNode:
		return body.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{body}, true
	case *ast.CommentGroupNode, *ast.NullNode:
		return nil, true
	}
	return nil, false
}

func (m *Manifest) decode(name string, pair *ast.MappingValueNode) []labs.Violation {
	key := pair.Key.String()
	line := pair.Key.GetToken().Position.Line
	if slices.Contains(oldKeys, key) {
		return []labs.Violation{{File: name, Line: line, Value: key, Rule: "a sandbox is said in parts", Fix: m.inParts(pair)}}
	}
	target, known := m.fields()[key]
	if !known {
		return []labs.Violation{{File: name, Line: line, Value: key, Rule: "lab.yaml has only keys that mean something",
			Fix: "Use one of " + keyNames + "."}}
	}
	m.lines[key] = line
	if key == "parts" {
		return m.decodeParts(name, pair)
	}
	m.noteLines(pair.Value)
	if err := yaml.NodeToValue(pair.Value, target, yaml.Strict()); err != nil {
		return []labs.Violation{yamlViolation(name, line, err)}
	}
	return nil
}

// Line returns where the first of the keys that is there stands.
func (m *Manifest) Line(keys ...string) int {
	for _, key := range keys {
		if line, ok := m.lines[key]; ok {
			return line
		}
	}
	return 0
}

// yamlViolation turns the YAML library's error into ours, with its line.
func yamlViolation(name string, line int, err error) labs.Violation {
	v := labs.Violation{File: name, Line: line, Rule: "lab.yaml is YAML of the right types", Fix: err.Error()}
	var at yaml.Error
	if errors.As(err, &at) {
		v.Fix = labs.Sentence(at.GetMessage())
		if token := at.GetToken(); token != nil {
			v.Line, v.Value = token.Position.Line, token.Value
			v.Fix = fmt.Sprintf("Look at column %d: %s.", token.Position.Column, at.GetMessage())
		}
	}
	return v
}

// Parsed reports whether there was a file that could be read key by key.
func (m *Manifest) Parsed() bool { return m.lines != nil }

// InOrder are the parts as the file has them, from top to bottom.
func (m *Manifest) InOrder() []labs.Part { return m.parts }
