package manifest

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/distribution/reference"

	"cnalab/labs"
)

// mostWorkers and mostReplicas are how many a machine for learners carries.
const (
	mostWorkers  = 3
	mostReplicas = 5
)

// parts looks at what lab.yaml says of the sandbox.
func (in *inspection) parts() {
	for _, p := range in.m.parts {
		if !partName.MatchString(p.Name) {
			in.part(p, "", p.Name, "a part is named with lower-case letters, digits and dashes", "Rename it.")
		}
		kind, known := labs.PartKinds[p.Kind]
		if !known {
			in.part(p, "kind", p.Kind, "a part is of a kind that a sandbox can have", "Use "+kindNames()+", as in NAME: {kind: service}.")
			continue
		}
		in.partKeys(p, kind)
		in.partNumbers(p)
	}
	in.databases()
	in.order()
}

// part notes a violation of a part; field is the key below it that is meant.
func (in *inspection) part(p labs.Part, field, value, rule, fix string) {
	in.add(in.m.PartLine(p.Name, field), value, rule, fix)
}

// partKeys turns down what the part's kind has not.
func (in *inspection) partKeys(p labs.Part, kind labs.PartKind) {
	prefix := "parts/" + p.Name + "/"
	for _, path := range slices.Sorted(maps.Keys(in.m.lines)) {
		key, is := strings.CutPrefix(path, prefix)
		if !is || strings.Contains(key, "/") || key == "kind" || key == "after" || slices.Contains(kind.Fields, key) {
			continue
		}
		may := "It has only kind and after."
		if len(kind.Fields) > 0 {
			may = "It may have " + strings.Join(kind.Fields, ", ") + "."
		}
		in.part(p, key, key, fmt.Sprintf("a part of kind %s has no %s", p.Kind, key), may)
	}
	if p.Kind == labs.KindContainer {
		in.container(p)
	}
}

// container looks at what only a container has to have.
func (in *inspection) container(p labs.Part) {
	if _, err := reference.ParseNormalizedNamed(p.Image); p.Image == "" {
		in.part(p, "image", "", "a container has an image", "Write image: NAME:TAG or NAME@sha256:DIGEST.")
	} else if err != nil {
		in.part(p, "image", p.Image, "an image has a name that an engine can read",
			"Write image: NAME:TAG or NAME@sha256:DIGEST, with a name in lower-case letters, such as nginx:1.29.")
	}
	if len(p.Ports) == 0 {
		in.part(p, "ports", "", "a container has a port that it is reached at", "Write ports: {http: 80}, with the port that it listens on.")
	}
}

// partNumbers looks at a part's ports, replicas and workers.
func (in *inspection) partNumbers(p labs.Part) {
	owners := map[int]string{}
	for _, name := range slices.Sorted(maps.Keys(p.Ports)) {
		port := p.Ports[name]
		switch {
		case port < 1 || port > 65535:
			in.part(p, "ports/"+name, fmt.Sprint(port), "a port is a number from 1 to 65535", "Write the one that the program listens on.")
		case owners[port] != "":
			in.part(p, "ports/"+name, fmt.Sprint(port), "each port is named once", fmt.Sprintf("Remove it, or %s.", owners[port]))
		}
		owners[port] = name
	}
	if p.Replicas < 0 || p.Replicas > mostReplicas || p.Replicas == 0 && in.m.Line("parts/"+p.Name+"/replicas") > 0 {
		in.part(p, "replicas", fmt.Sprint(p.Replicas), fmt.Sprintf("a part has 1 to %d replicas", mostReplicas), "Write replicas: 2, or leave it out.")
	}
	if p.Workers != nil && (*p.Workers < 0 || *p.Workers > mostWorkers) {
		in.part(p, "workers", fmt.Sprint(*p.Workers), fmt.Sprintf("a cluster has 0 to %d workers", mostWorkers), "Write workers: 1, or leave it out, which means the same.")
	}
}

// databases wants each database once, and each that a service asks for or is told of.
func (in *inspection) databases() {
	owners := map[string]string{}
	for _, p := range in.m.parts {
		if p.Kind != labs.KindPostgres {
			continue
		}
		for _, name := range p.Databases {
			switch {
			case !partName.MatchString(name):
				in.part(p, "databases/"+name, name, "a database is named with lower-case letters, digits and dashes", "Rename it.")
			case owners[name] != "":
				in.part(p, "databases/"+name, name, "each database is named once", fmt.Sprintf("Remove it here or in %s.", owners[name]))
			}
			owners[name] = p.Name
		}
	}
	in.roles(owners)
	for _, p := range in.m.parts {
		if p.Database != "" && owners[p.Database] == "" {
			in.part(p, "database", p.Database, "a service's database is one of a Postgres part's",
				fmt.Sprintf("Write postgres: {databases: [%s]}.", p.Database))
		}
		if p.Kind == labs.KindPostgres {
			continue
		}
		for _, name := range p.Databases {
			if owners[name] == "" {
				in.part(p, "databases/"+name, name, "a service is told of databases that a Postgres part has",
					fmt.Sprintf("Write postgres: {databases: [%s]}, or take it out here.", name))
			}
		}
	}
}

// roles wants each role to have a name of its own, among the databases too, and a
// database of its part. Services are told of roles as they are of databases.
func (in *inspection) roles(owners map[string]string) {
	for _, p := range in.m.parts {
		for _, name := range slices.Sorted(maps.Keys(p.Roles)) {
			switch {
			case !partName.MatchString(name):
				in.part(p, "roles/"+name, name, "a role is named with lower-case letters, digits and dashes", "Rename it.")
			case owners[name] != "":
				in.part(p, "roles/"+name, name, "no role has the name of another one or of a database", "Rename it: each database has a role of its name.")
			case !slices.Contains(p.Databases, p.Roles[name]):
				in.part(p, "roles/"+name, p.Roles[name], "a role is let into a database of its part",
					fmt.Sprintf("Write databases: [%s], or name another one.", p.Roles[name]))
			}
			owners[name] = p.Name
		}
	}
}

// order wants every part named in after to be there, and no circle.
func (in *inspection) order() {
	after := map[string][]string{}
	for _, p := range in.m.parts {
		after[p.Name] = p.After
	}
	for _, p := range in.m.parts {
		for _, other := range p.After {
			if _, there := after[other]; !there {
				in.part(p, "after/"+other, other, "after names parts of this lab", "Its parts are: "+in.partNames()+".")
			}
		}
		if circle := waitsFor(after, p.Name, p.Name, nil); circle != nil {
			in.part(p, "after", strings.Join(circle, " → "), "no part waits for itself", "Take one of them out of after.")
			return // the others of the circle would say the same
		}
	}
}

// waitsFor returns the way from a part back to itself, or nil.
func waitsFor(after map[string][]string, from, to string, way []string) []string {
	way = append(way, from)
	for _, next := range after[from] {
		if next == to {
			return append(way, to)
		}
		if slices.Contains(way, next) {
			continue // a circle of others
		}
		if found := waitsFor(after, next, to, way); found != nil {
			return found
		}
	}
	return nil
}

func (in *inspection) partNames() string {
	var names []string
	for _, p := range in.m.parts {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}
