package labs

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// manifestFile is the file that makes a folder a lab.
const manifestFile = "lab.yaml"

// manifest is lab.yaml as an author writes it.
type manifest struct {
	Name     `yaml:",inline"`
	Minutes  int      `yaml:"minutes" jsonschema:"minimum=5,maximum=120" jsonschema_description:"How long a learner takes."`
	Needs    []Need   `yaml:"needs,omitempty" jsonschema_description:"The real parts that the sandbox has."`
	Services []string `yaml:"services,omitempty" jsonschema_description:"Which services the sandbox builds from workspace and runs, in start order."`
	Cluster  Cluster  `yaml:"cluster,omitempty" jsonschema_description:"What the cluster is made of, where needs has kubernetes; one worker where it is left out."`
	Half     Half     `yaml:"half" jsonschema:"enum=build,enum=run" jsonschema_description:"Which half of the course it belongs to: build, or run what is built."`
	Map      Map      `yaml:"map,omitempty" jsonschema_description:"What the lab adds to the map of the shop; a service of its own name where it is left out."`
	Korean   Name     `yaml:"ko,omitempty" jsonschema_description:"The title and the summary in Korean."`
	Planned  bool     `yaml:"planned,omitempty" jsonschema_description:"The lab is described but not yet written: its folder has lab.yaml alone."`

	lines map[string]int // where each key stands, and each entry as "needs/kafka"
}

// fields maps each key of lab.yaml to the place its value goes.
func (m *manifest) fields() map[string]any {
	return map[string]any{
		"title": &m.Title, "summary": &m.Summary, "minutes": &m.Minutes,
		"needs": &m.Needs, "services": &m.Services, "cluster": &m.Cluster, "half": &m.Half, "map": &m.Map, "ko": &m.Korean, "planned": &m.Planned,
	}
}

// manifestKeys lists the keys in the order the messages name them.
const manifestKeys = "title, summary, minutes, needs, services, cluster, half, map, ko, planned"

// readManifest decodes dir's lab.yaml key by key, so that one wrong key does
// not hide the next.
func readManifest(dir string) (manifest, []Violation) {
	name := path.Join(filepath.Base(dir), manifestFile)
	data, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return manifest{}, []Violation{{File: name, Rule: "a lab has a readable lab.yaml",
			Fix: "Write one with the keys " + manifestKeys + "."}}
	}
	return parseManifest(name, data)
}

func parseManifest(name string, data []byte) (manifest, []Violation) {
	m := manifest{lines: map[string]int{}}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return manifest{}, []Violation{yamlViolation(name, 0, err)}
	}
	pairs, ok := topPairs(file)
	if !ok {
		return manifest{}, []Violation{{File: name, Line: 1, Rule: "lab.yaml holds one KEY: VALUE a line",
			Fix: "Use the keys " + manifestKeys + "."}}
	}
	var found []Violation
	for _, pair := range pairs {
		found = append(found, m.decode(name, pair)...)
	}
	return m, found
}

// topPairs returns the document's KEY: VALUE pairs; an empty file has none.
func topPairs(file *ast.File) ([]*ast.MappingValueNode, bool) {
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, true
	}
	switch body := file.Docs[0].Body.(type) {
	case *ast.MappingNode:
		return body.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{body}, true
	case *ast.CommentGroupNode, *ast.NullNode:
		return nil, true
	}
	return nil, false
}

func (m *manifest) decode(name string, pair *ast.MappingValueNode) []Violation {
	key := pair.Key.String()
	line := pair.Key.GetToken().Position.Line
	target, known := m.fields()[key]
	if !known {
		return []Violation{{File: name, Line: line, Value: key, Rule: "lab.yaml has only keys that mean something",
			Fix: "Use one of " + manifestKeys + "."}}
	}
	m.lines[key] = line
	m.noteLines(pair.Value)
	if list, ok := pair.Value.(*ast.SequenceNode); ok {
		for _, entry := range list.Values {
			m.lines[key+"/"+strings.Trim(entry.String(), `"'`)] = entry.GetToken().Position.Line
		}
	}
	if err := yaml.NodeToValue(pair.Value, target, yaml.Strict()); err != nil {
		return []Violation{yamlViolation(name, line, err)}
	}
	return nil
}

// cluster is what the lab's cluster is made of; nothing where it has none.
func (m *manifest) cluster() Cluster {
	switch {
	case !slices.Contains(m.Needs, Kubernetes):
		return Cluster{}
	case m.line("cluster") == 0:
		return Cluster{Workers: 1}
	}
	return m.Cluster
}

// line returns where the first of the keys that is there stands.
func (m *manifest) line(keys ...string) int {
	for _, key := range keys {
		if line, ok := m.lines[key]; ok {
			return line
		}
	}
	return 0
}

// yamlViolation turns the YAML library's error into ours, with its line.
func yamlViolation(name string, line int, err error) Violation {
	v := Violation{File: name, Line: line, Rule: "lab.yaml is YAML of the right types", Fix: err.Error()}
	var at yaml.Error
	if errors.As(err, &at) {
		v.Fix = capital(at.GetMessage()) + "."
		if token := at.GetToken(); token != nil {
			v.Line, v.Value = token.Position.Line, token.Value
			v.Fix = fmt.Sprintf("Look at column %d: %s.", token.Position.Column, at.GetMessage())
		}
	}
	return v
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
