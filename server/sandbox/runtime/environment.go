package runtime

import (
	"path/filepath"

	"cnalab/labs"
	"cnalab/server/sandbox/database"
)

// Environment returns what checks and terminals are told.
func (b *Sandbox) Environment() []string {
	env := []string{labs.EnvWorkspace + "=" + b.Workspace, labs.EnvControl + "=" + b.control.URL(),
		labs.EnvSandbox + "=" + b.Provider,
		labs.EnvCache + "=" + filepath.Join(b.Data, "cache", "checks")}
	env = append(env, b.addresses(b.address)...)
	return append(env, b.ExtraEnv...)
}

// addresses are those of the parts, each of them at an address that depends on
// where it is asked for.
func (b *Sandbox) addresses(at func(part string) string) (env []string) {
	if address := at(string(labs.Kafka)); address != "" {
		env = append(env, labs.EnvKafka+"="+address)
	}
	for _, w := range b.services {
		env = append(env, labs.EnvService(w.name)+"=http://"+at(w.name))
		if password, ok := b.passwords[w.name]; ok {
			env = append(env, labs.EnvDatabase(w.name)+"="+database.URL(w.name, password, at(string(labs.Postgres))))
		}
	}
	return env
}

// serviceEnvironment is what a service is told.
func (b *Sandbox) serviceEnvironment(w *service) []string {
	env := []string{"ADDR=" + w.workload.ListenAddress, "SERVICE=" + w.name}
	if address := b.backend.InternalAddress(string(labs.Kafka)); address != "" {
		env = append(env, labs.EnvKafka+"="+address)
	}
	if password, ok := b.passwords[w.name]; ok {
		env = append(env, "DATABASE_URL="+database.URL(w.name, password, b.backend.InternalAddress(string(labs.Postgres))))
	}
	for _, other := range b.services {
		if other != w {
			env = append(env, labs.EnvService(other.name)+"=http://"+b.backend.InternalAddress(other.name))
		}
	}
	return env
}

// address is where this machine reaches a part; empty where there is none.
func (b *Sandbox) address(name string) string {
	if p := b.part(name); p != nil {
		return p.workload.Proxy.Address()
	}
	return ""
}
