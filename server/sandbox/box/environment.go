package box

import (
	"path/filepath"

	"cnalab/labs"
	"cnalab/server/sandbox/database"
)

// Environment returns what checks and terminals are told.
func (b *Box) Environment() []string {
	env := []string{labs.EnvWorkspace + "=" + b.Workspace, labs.EnvControl + "=" + b.control.URL(),
		labs.EnvSandbox + "=" + b.Provider,
		labs.EnvCache + "=" + filepath.Join(b.Data, "cache", "checks")}
	if address := b.address(string(labs.Kafka)); address != "" {
		env = append(env, labs.EnvKafka+"="+address)
	}
	for _, w := range b.workers {
		env = append(env, labs.EnvService(w.name)+"=http://"+w.Snapshot().Address)
		if password, ok := b.passwords[w.name]; ok {
			env = append(env, labs.EnvDatabase(w.name)+"="+database.URL(w.name, password, b.address(string(labs.Postgres))))
		}
	}
	return append(env, b.Extra...)
}

// serviceEnvironment is what a service is told.
func (b *Box) serviceEnvironment(w *worker) []string {
	env := []string{"ADDR=" + w.slot.Listen, "SERVICE=" + w.name}
	if address := b.ground.Inside(string(labs.Kafka)); address != "" {
		env = append(env, labs.EnvKafka+"="+address)
	}
	if password, ok := b.passwords[w.name]; ok {
		env = append(env, "DATABASE_URL="+database.URL(w.name, password, b.ground.Inside(string(labs.Postgres))))
	}
	for _, other := range b.workers {
		if other != w {
			env = append(env, labs.EnvService(other.name)+"=http://"+b.ground.Inside(other.name))
		}
	}
	return env
}

func (b *Box) address(name string) string {
	if p := b.part(name); p != nil {
		return p.slot.Gate.Address()
	}
	return ""
}
