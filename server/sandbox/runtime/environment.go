package runtime

import (
	"maps"
	"path/filepath"
	"slices"
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
	env = append(env, b.stack.addresses(outside)...)
	for variable, path := range b.stack.trusted() {
		env = append(env, variable+"="+path)
	}
	return append(env, b.stack.Environment()...)
}

// addresses are those of the parts and of their databases, from one side. They
// are known before anything is started.
func (s *Stack) addresses(from side) (env []string) {
	for _, p := range s.placed {
		env = append(env, p.variables(from)...)
		for name, url := range p.databases(from) {
			env = append(env, labs.EnvDatabase(name)+"="+url)
		}
	}
	return append(env, s.replicas(from)...)
}

// replicas are the variables that list all replicas of a part.
func (s *Stack) replicas(from side) (env []string) {
	lists := map[string][]string{}
	for _, p := range s.placed {
		if name := p.ListVariable; name != "" {
			_, value, _ := strings.Cut(p.variables(from)[0], "=")
			lists[name] = append(lists[name], value)
		}
	}
	for name, values := range lists {
		env = append(env, name+"="+strings.Join(values, ","))
	}
	return env
}

// unbuilt is what the part will run, without the file that is not built yet.
func (s *Stack) unbuilt(p placed) Program {
	program := Program{Env: s.serviceEnvironment(p), Files: s.files(p.Name)}
	if !p.Program.Learner() {
		program.Args = []string{p.Program.Fixture}
	}
	return program
}

// serviceEnvironment is what a service is told: of itself and of the others, of
// the database that is its own, and of those that it is to know beside it. What
// it tells to a browser of this machine is its PUBLIC_URL.
func (s *Stack) serviceEnvironment(p placed) []string {
	env := pairs(p.Env) // first, so that the sandbox's own go before them
	env = append(env, "ADDR="+p.workload.ListenAddress, "SERVICE="+p.Name)
	if own := p.variables(outside); len(own) > 0 {
		_, url, _ := strings.Cut(own[0], "=")
		env = append(env, labs.EnvPublicURL+"="+url)
	}
	for _, other := range s.placed {
		urls := other.databases(inside)
		if url, owns := urls[p.Database]; owns {
			env = append(env, "DATABASE_URL="+url)
		}
		for _, name := range p.ToldOf {
			if url, has := urls[name]; has {
				env = append(env, labs.EnvDatabase(name)+"="+url)
			}
		}
		env = append(env, other.variables(inside)...) // its own, too: it may have to tell others where it is
	}
	return append(env, s.replicas(inside)...)
}

// pairs are the variables as KEY=VALUE, in the order of their names.
func pairs(variables map[string]string) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		all = append(all, name+"="+variables[name])
	}
	return all
}

// variables are what everybody is told of the part.
func (p placed) variables(from side) []string {
	if p.Variables == nil {
		return nil
	}
	return p.Variables(from(p.workload))
}

// databases are the URLs of the part's databases, by name.
func (p placed) databases(from side) map[string]string {
	if p.Databases == nil {
		return nil
	}
	return p.Databases(from(p.workload).At(""))
}
