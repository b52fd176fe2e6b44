package sandbox

import (
	"context"
	"errors"
	"strings"
	"testing"

	"cnalab/labs"
)

// offer is a provider that can, or says why not.
type offer struct {
	name string
	err  error
}

func (o offer) Name() string                            { return o.name }
func (o offer) Offers(context.Context, *labs.Lab) error { return o.err }
func (o offer) Open(context.Context, Request) (Sandbox, error) {
	return nil, errors.New("not asked for")
}
func (o offer) Close() error { return nil }

func TestDetect(t *testing.T) {
	no := func(say string) error { return &labs.Problem{Kind: labs.Machine, Say: say, Next: "Do " + say + "."} }
	unfit := &labs.Problem{Kind: labs.Machine, Say: "embedded has none", Next: "Elsewhere.", Err: ErrUnfit}
	tests := []struct {
		name, choice string
		providers    []Provider
		want         string   // the provider's name
		says         []string // else what the problem holds
	}{
		{"the first that can", Auto, []Provider{offer{"docker", no("no engine")}, offer{"embedded", nil}}, "embedded", nil},
		{"by name", "embedded", []Provider{offer{"docker", nil}, offer{"embedded", nil}}, "embedded", nil},
		{"by name, and it cannot", "docker", []Provider{offer{"docker", no("no engine")}, offer{"embedded", nil}}, "", []string{"no engine"}},
		{"an unknown name", "cloud", []Provider{offer{"docker", nil}}, "", []string{`"cloud"`, "auto, docker"}},
		{"one is of another kind", Auto, []Provider{offer{"embedded", unfit}, offer{"docker", no("no engine")}}, "", []string{"no engine", "Do no engine."}},
		{"nobody can", Auto, []Provider{offer{"docker", no("no engine")}, offer{"embedded", no("no Postgres")}}, "",
			[]string{"lab 040", "no engine", "no Postgres"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Detect(t.Context(), &labs.Lab{Number: "040"}, tt.choice, tt.providers...)
			if err == nil {
				if got.Name() != tt.want {
					t.Errorf("got %s, want %s", got.Name(), tt.want)
				}
				return
			}
			problem := labs.AsProblem(err)
			for _, want := range tt.says {
				if strings.Contains(problem.Say+problem.Detail, "embedded has none") {
					t.Errorf("the problem says what helps nobody: %+v", problem)
				}
				if text := problem.Say + problem.Next + problem.Detail; !strings.Contains(text, want) {
					t.Errorf("the problem does not say %q: %q", want, text)
				}
			}
			if tt.want != "" || problem.Next == "" {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
