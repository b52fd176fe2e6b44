package manifest

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"

	"cnalab/labs"
)

//go:generate go test -run TestSchema -update .

var update = flag.Bool("update", false, "write lab.schema.json anew")

// partSchema has a part's kind be one of those there are, and its fields those
// that its kind has.
func partSchema(schema *jsonschema.Schema) *jsonschema.Schema {
	names := slices.Sorted(maps.Keys(labs.PartKinds))
	kind, _ := schema.Properties.Get("kind")
	schema.Required = nil // a known kind may stand by its own name
	for _, name := range names {
		kind.Enum = append(kind.Enum, name)
		kind.Description += " " + name + ": " + labs.PartKinds[name].Says
		allowed := append([]string{"kind", "after"}, labs.PartKinds[name].Fields...)
		is := jsonschema.NewProperties()
		is.Set("kind", &jsonschema.Schema{Const: name})
		not := jsonschema.NewProperties()
		for field := schema.Properties.Oldest(); field != nil; field = field.Next() {
			if !slices.Contains(allowed, field.Key) {
				not.Set(field.Key, jsonschema.FalseSchema)
			}
		}
		schema.AllOf = append(schema.AllOf, &jsonschema.Schema{
			If: &jsonschema.Schema{Properties: is, Required: []string{"kind"}}, Then: &jsonschema.Schema{Properties: not}})
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{schema, {Type: "null"}}}
}

// TestSchema keeps the schema that editors complete lab.yaml from up to date
// with what is read.
func TestSchema(t *testing.T) {
	reflector := jsonschema.Reflector{FieldNameTag: "yaml", DoNotReference: true, Anonymous: true}
	schema := reflector.Reflect(&Manifest{})
	parts, _ := schema.Properties.Get("parts")
	parts.AdditionalProperties = partSchema(parts.AdditionalProperties)
	schema.Title, schema.Description = "lab.yaml", "What a lab is, and what its sandbox has."
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("lab.schema.json", got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("lab.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("run go generate ./labs/manifest (-want +got):\n%s", diff)
	}
}

// TestSchemaHasEveryKey fails when lab.yaml learns a key that the schema, or
// the list in the messages, does not know.
func TestSchemaHasEveryKey(t *testing.T) {
	data, err := os.ReadFile("lab.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema struct{ Properties map[string]any }
	if err := json.Unmarshal(data, &schema); err != nil {
		t.Fatal(err)
	}
	for key := range new(Manifest).fields() {
		if schema.Properties[key] == nil {
			t.Errorf("the schema does not know %s", key)
		}
		if !bytes.Contains([]byte(keyNames), []byte(key)) {
			t.Errorf("the messages do not name %s", key)
		}
	}
}
