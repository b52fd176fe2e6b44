package manifest

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"cnalab/labs"
)

// oldKeys said what a sandbox has before there were parts.
var oldKeys = []string{"needs", "services", "cluster"}

// inParts is the sentence that shows an old key's value in the new form.
func (m *Manifest) inParts(pair *ast.MappingValueNode) string {
	const lead = "Write it below parts:"
	var names []string
	if yaml.NodeToValue(pair.Value, &names) != nil {
		return lead + " kubernetes: {workers: 2}, for a cluster of two workers."
	}
	form := "%s:"
	if pair.Key.String() == "services" {
		form = "%s: {kind: service, database: %[1]s}"
	}
	for i, name := range names {
		names[i] = fmt.Sprintf(form, name)
	}
	return lead + " " + strings.Join(names, ", ") + ", each on a line of its own; postgres: {databases: [order]} names its databases."
}

// decodeParts decodes part by part, so that one that is wrong does not hide the
// next, and keeps their order.
func (m *Manifest) decodeParts(name string, pair *ast.MappingValueNode) (found []labs.Violation) {
	pairs, ok := pairsOf(pair.Value)
	if !ok {
		return []labs.Violation{{File: name, Line: m.Line("parts"), Value: pair.Value.String(), Rule: "parts holds NAME: {kind: …}",
			Fix: "Write a part a line: kafka:, or order: {kind: service}."}}
	}
	for _, one := range pairs {
		part := labs.Part{Name: strings.Trim(one.Key.String(), `"'`)}
		key := "parts/" + part.Name
		if m.lines[key] > 0 {
			found = append(found, labs.Violation{File: name, Line: lineOfNode(one), Value: part.Name, Rule: "no two parts have one name",
				Fix: "Give one of them another name, and say its kind."})
			continue
		}
		m.lines[key] = lineOfNode(one)
		m.noteKeys(key, one.Value)
		if _, nothing := one.Value.(*ast.NullNode); !nothing {
			if err := yaml.NodeToValue(one.Value, &part, yaml.Strict()); err != nil {
				found = append(found, yamlViolation(name, m.lines[key], err))
				continue
			}
		}
		if part.Kind == "" {
			part.Kind = part.Name
		}
		m.parts = append(m.parts, part)
	}
	return found
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
