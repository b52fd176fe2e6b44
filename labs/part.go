package labs

import (
	"fmt"
	"slices"
)

// Part is one part of a lab's sandbox, as lab.yaml says it. Which fields a part
// may have, its kind tells; see PartKinds.
type Part struct {
	Name string `yaml:"-"` // also the name by which the others reach it
	Kind string `yaml:"kind" jsonschema_description:"What kind of part it is; where it is left out, the part's name is its kind."`

	After      []string          `yaml:"after,omitempty" jsonschema_description:"Parts that have to answer before this one is started."`
	Replicas   int               `yaml:"replicas,omitempty" jsonschema:"minimum=1,maximum=5" jsonschema_description:"How many of it run: NAME-1, NAME-2 and so on, where there are several."`
	Database   string            `yaml:"database,omitempty" jsonschema_description:"Which database it owns: one of a Postgres part's databases."`
	Databases  []string          `yaml:"databases,omitempty" jsonschema_description:"Of a Postgres part its databases, each with a role of the same name that owns it; of a service those that it is told of by variables, such as DATABASE_ORDER, beside the one that it owns."`
	Roles      map[string]string `yaml:"roles,omitempty" jsonschema_description:"Of a Postgres part the roles that own nothing: ROLE: DATABASE. A role may connect to that database of the part, and its owner says what else it may do; its variable is that of a database of its name."`
	Statements bool              `yaml:"statements,omitempty" jsonschema_description:"Its log has each statement that the roles of its databases send, with the role, the database and the application_name."`
	TLS        bool              `yaml:"tls,omitempty" jsonschema_description:"It serves TLS, with the certificate and the key in the files that TLS_CERT_FILE and TLS_KEY_FILE name; its address is an https one."`
	Image      string            `yaml:"image,omitempty" jsonschema_description:"The image, with a tag or a digest."`
	Ports      map[string]int    `yaml:"ports,omitempty" jsonschema_description:"The ports it listens on, each with a name."`
	Env        map[string]string `yaml:"env,omitempty" jsonschema_description:"Its environment variables."`
	Files      map[string]string `yaml:"files,omitempty" jsonschema_description:"Files that it is given: PATH in the container: PATH below the lab's folder."`
	Ready      Ready             `yaml:"ready,omitempty" jsonschema_description:"How to see that it is ready; where it is left out, its first port accepts connections."`
	Memory     string            `yaml:"memory,omitempty" jsonschema_description:"How much memory it may take, such as 128MiB."`
	Workers    *int              `yaml:"workers,omitempty" jsonschema:"minimum=0,maximum=3" jsonschema_description:"How many workers the cluster has beside its control plane; 1 where it is left out."`
}

// Instances names a part's replicas: the part itself where there is one.
func (p Part) Instances() []string {
	if p.Replicas < 2 {
		return []string{p.Name}
	}
	var names []string
	for i := range p.Replicas {
		names = append(names, fmt.Sprintf("%s-%d", p.Name, i+1))
	}
	return names
}

// Ready is how to see that a part answers.
type Ready struct {
	HTTP string `yaml:"http,omitempty" jsonschema_description:"A path that answers a GET on the first port with a status below 400."`
}

// PartsOf returns the lab's parts of a kind, in order.
func (l *Lab) PartsOf(kind string) (parts []Part) {
	for _, p := range l.Parts {
		if p.Kind == kind {
			parts = append(parts, p)
		}
	}
	return parts
}

// Has reports whether the lab has a part of the kind.
func (l *Lab) Has(kind string) bool {
	return slices.ContainsFunc(l.Parts, func(p Part) bool { return p.Kind == kind })
}

// Needs are the kinds of the lab's parts that are not services, each once, in
// order: what a learner works with.
func (l *Lab) Needs() (kinds []string) {
	for _, p := range l.Parts {
		if p.Kind != KindService && p.Kind != KindFixture && !slices.Contains(kinds, p.Kind) {
			kinds = append(kinds, p.Kind)
		}
	}
	return kinds
}

// Services are the names of the parts that are built from the workspace.
func (l *Lab) Services() (names []string) {
	for _, p := range l.PartsOf(KindService) {
		names = append(names, p.Name)
	}
	return names
}
