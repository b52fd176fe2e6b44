package embedded

import (
	"os"
	"path/filepath"

	"cnalab/labs"
	"cnalab/server/sandbox/embedded/postgres"
)

// Environment returns what checks and terminals are told.
func (b *box) Environment() []string {
	env := []string{labs.EnvWorkspace + "=" + b.workspace, labs.EnvControl + "=" + b.control.URL(),
		labs.EnvCache + "=" + filepath.Join(b.provider.config.Data, "cache", "checks")}
	if address := b.address(string(labs.Kafka)); address != "" {
		env = append(env, labs.EnvKafka+"="+address)
	}
	for _, w := range b.workers {
		env = append(env, labs.EnvService(w.name)+"=http://"+w.gate.Address())
		if password, ok := b.passwords[w.name]; ok {
			env = append(env, labs.EnvDatabase(w.name)+"="+b.databaseURL(w.name, password))
		}
	}
	return env
}

// serviceEnvironment is what a service is told.
func (b *box) serviceEnvironment(w *worker) []string {
	env := append(basics(), "ADDR="+w.private, "SERVICE="+w.name)
	if address := b.address(string(labs.Kafka)); address != "" {
		env = append(env, labs.EnvKafka+"="+address)
	}
	if password, ok := b.passwords[w.name]; ok {
		env = append(env, "DATABASE_URL="+b.databaseURL(w.name, password))
	}
	for _, other := range b.workers {
		if other != w {
			env = append(env, labs.EnvService(other.name)+"=http://"+other.gate.Address())
		}
	}
	return env
}

func (b *box) databaseURL(role, password string) string {
	return postgres.URL(role, password, b.address(string(labs.Postgres)))
}

func (b *box) address(name string) string {
	if p := b.part(name); p != nil {
		return p.gate.Address()
	}
	return ""
}

// basics is the environment every process of ours has: what a program needs
// to run at all, and none of the server's own.
func basics() []string {
	var env []string
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "TZ", "USERPROFILE", "LOCALAPPDATA", "TEMP", "TMP"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}
