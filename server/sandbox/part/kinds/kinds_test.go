package kinds

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cnalab/labs"
	"cnalab/server/sandbox/part/postgres"
)

// What an author may write and what a sandbox can have are the same kinds.
func TestEveryKindOfALabIsDefined(t *testing.T) {
	want := slices.Sorted(maps.Keys(labs.PartKinds))
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(All(postgres.Config{})))); diff != "" {
		t.Errorf("kinds (-labs +sandbox):\n%s", diff)
	}
}

// Every kind makes a definition that a backend can execute, and a part that
// bears its kind's name is known by it.
func TestEveryKindDefinesItsParts(t *testing.T) {
	for name := range labs.PartKinds {
		lab := &labs.Lab{Number: "999", Parts: []labs.Part{{Name: name, Kind: name, Image: "nginx", Ports: map[string]int{"http": 80}}}}
		all, err := All(postgres.Config{}).Define(lab)
		if err != nil || len(all) != 1 {
			t.Errorf("%s: %d definitions, %v; want one", name, len(all), err)
			continue
		}
		d := all[0]
		if d.Name != name || d.Kind != name || d.StartStage == "" {
			t.Errorf("%s is defined as %q of kind %q, whose start is %q", name, d.Name, d.Kind, d.StartStage)
		}
		if d.Program == nil && d.Process == nil && d.Container == nil && !d.Engine && d.Cluster == nil {
			t.Errorf("%s runs nothing", name)
		}
	}
}

func TestReplicas(t *testing.T) {
	lab := &labs.Lab{Number: "999", Parts: []labs.Part{
		{Name: "gateway", Kind: labs.KindService, After: []string{"order"}},
		{Name: "order", Kind: labs.KindService, Replicas: 2},
	}}
	all, err := All(postgres.Config{}).Define(lab)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range all {
		names = append(names, d.Name)
		if d.Program.Folder == "order-1" {
			t.Errorf("%s is built from %s", d.Name, d.Program.Folder)
		}
	}
	if diff := cmp.Diff([]string{"gateway", "order-1", "order-2"}, names); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"order-1", "order-2"}, all[0].After); diff != "" {
		t.Errorf("gateway waits for (-want +got):\n%s", diff)
	}
}

func TestUnknownKindIsASentence(t *testing.T) {
	_, err := All(postgres.Config{}).Define(&labs.Lab{Number: "999", Parts: []labs.Part{{Name: "cache", Kind: "redis"}}})
	if problem := labs.AsProblem(err); err == nil || problem.Kind != labs.BadInput || problem.Next == "" {
		t.Errorf("got %v", err)
	}
}

// nowhere is where parts are whose addresses do not matter.
type nowhere struct{}

func (nowhere) At(string) string { return "127.0.0.1:1" }

// What a page names of a sandbox before it is open is what its parts will tell.
// Those that are the engine or the cluster itself their providers tell.
func TestALabKnowsTheVariablesOfItsParts(t *testing.T) {
	lab := &labs.Lab{Number: "999", Parts: []labs.Part{
		{Name: "kafka", Kind: labs.KindKafka}, {Name: "events", Kind: labs.KindKafka},
		{Name: "registry", Kind: labs.KindRegistry}, {Name: "mirror", Kind: labs.KindRegistry},
		{Name: "audit", Kind: labs.KindPostgres, Databases: []string{"log", "late-log"}},
		{Name: "order", Kind: labs.KindService, Replicas: 2}, {Name: "product", Kind: labs.KindService},
		{Name: "gateway", Kind: labs.KindFixture},
		{Name: "shop-web", Kind: labs.KindContainer, Image: "nginx", Ports: map[string]int{"http": 80, "admin": 81}},
		{Name: "cache", Kind: labs.KindContainer, Image: "cache", Replicas: 2, Ports: map[string]int{"tcp": 82}},
	}}
	all, err := All(postgres.Config{}).Define(lab)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, d := range all {
		switch {
		case d.ListVariable != "":
			told[d.ListVariable] = true
		case d.Variables != nil:
			for _, variable := range d.Variables(nowhere{}) {
				name, _, _ := strings.Cut(variable, "=")
				told[name] = true
			}
		}
		if d.Databases != nil {
			for name := range d.Databases("127.0.0.1:1") {
				told[labs.EnvDatabase(name)] = true
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(told)), slices.Sorted(slices.Values(lab.Variables()))); diff != "" {
		t.Errorf("variables (-parts +lab):\n%s", diff)
	}
}
