package runtime

import (
	"path/filepath"
	"strings"

	"cnalab/labs"
	"cnalab/server/sandbox/part"
)

// side is from where a part is reached.
type side func(w Workload) part.Addresses

func outside(w Workload) part.Addresses { return w.Outside }
func inside(w Workload) part.Addresses  { return w.Inside }

// Environment returns what checks and terminals are told.
func (b *Sandbox) Environment() []string {
	env := []string{labs.EnvWorkspace + "=" + b.Workspace, labs.EnvControl + "=" + b.control.URL(),
		labs.EnvSandbox + "=" + b.Provider,
		labs.EnvCache + "=" + filepath.Join(b.Data, "cache", "checks")}
	env = append(env, b.addresses(outside)...)
	for variable, path := range b.trusted() {
		env = append(env, variable+"="+path)
	}
	return append(env, b.stack.Environment()...)
}

// addresses are those of the parts and of their databases, from one side.
func (b *Sandbox) addresses(from side) (env []string) {
	for _, c := range b.all() {
		env = append(env, c.variables(from)...)
		for name, url := range c.databases(from) {
			env = append(env, labs.EnvDatabase(name)+"="+url)
		}
	}
	return append(env, b.replicas(from)...)
}

// replicas are the variables that list all replicas of a part.
func (b *Sandbox) replicas(from side) (env []string) {
	lists := map[string][]string{}
	for _, c := range b.all() {
		if name := c.definition.ListVariable; name != "" {
			_, value, _ := strings.Cut(c.variables(from)[0], "=")
			lists[name] = append(lists[name], value)
		}
	}
	for name, values := range lists {
		env = append(env, name+"="+strings.Join(values, ","))
	}
	return env
}

// serviceEnvironment is what a service is told: of the others, and of the
// database that is its own.
func (b *Sandbox) serviceEnvironment(w *service) []string {
	env := []string{"ADDR=" + w.workload.ListenAddress, "SERVICE=" + w.name}
	for _, other := range b.all() {
		if url, owns := other.databases(inside)[w.definition.Database]; owns {
			env = append(env, "DATABASE_URL="+url)
		}
		if other != w.Component {
			env = append(env, other.variables(inside)...)
		}
	}
	return append(env, b.replicas(inside)...)
}

// variables are what everybody is told of the part.
func (c *Component) variables(from side) []string {
	if c.definition.Variables == nil {
		return nil
	}
	return c.definition.Variables(from(c.workload))
}

// databases are the URLs of the part's databases, by name.
func (c *Component) databases(from side) map[string]string {
	if c.definition.Databases == nil {
		return nil
	}
	return c.definition.Databases(from(c.workload).At(""))
}
