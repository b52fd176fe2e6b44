package labs

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"
)

//go:generate go test -run TestSchema -update .

var update = flag.Bool("update", false, "write lab.schema.json anew")

// JSONSchema lists the needs. It is here and not beside Need so that what
// imports package labs, the checks' binaries among them, stays small.
func (Need) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Enum: []any{Kafka, Postgres, Docker, Kubernetes}}
}

// TestSchema keeps the schema that editors complete lab.yaml from up to date
// with what is read.
func TestSchema(t *testing.T) {
	reflector := jsonschema.Reflector{FieldNameTag: "yaml", DoNotReference: true, Anonymous: true}
	schema := reflector.Reflect(&manifest{})
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
		t.Errorf("run go generate ./labs (-want +got):\n%s", diff)
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
	for key := range new(manifest).fields() {
		if schema.Properties[key] == nil {
			t.Errorf("the schema does not know %s", key)
		}
		if !bytes.Contains([]byte(manifestKeys), []byte(key)) {
			t.Errorf("the messages do not name %s", key)
		}
	}
}
