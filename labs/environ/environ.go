// Package environ is the one list of environment variables that a learner's
// machine may have set and that would change a verdict or reach past a sandbox:
// what is cleared, set and handed on wherever a program is started or something
// is dialled. It knows nothing of who starts it, and not what for.
//
// PATH, HOME, the locale, and where Go keeps its caches stay as they are.
package environ

import (
	"os"
	"runtime"
	"slices"
	"strings"
)

// Group is a list of variables; one that ends in a star is all that begin so.
type Group []string

var (
	// Ours are this program's own, above all the token of a server: what a
	// learner wrote, and what builds it, is told of none.
	Ours = Group{"CNALAB_*"}

	// Build changes what the go command makes of the same files, and what it
	// prints: for which system, by which toolchain and compiler, from which
	// modules. A verdict depends on the module and on nothing else. Where things
	// are (GOMODCACHE, GOCACHE, GOPATH, GOROOT), how modules are fetched (GOPROXY,
	// GOPRIVATE, GOSUMDB, GOAUTH …) and what the compiler may use (GOMAXPROCS,
	// GOGC) are the machine's to say and are not in it.
	Build = Group{
		"GODEBUG",
		"GOFLAGS", "GOENV", "GOWORK", "GO111MODULE", "GOTOOLCHAIN", "GOEXPERIMENT", "GOFIPS140", "GOBIN",
		"GOOS", "GOARCH", "GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM",
		"CGO_*", "CC", "CXX", "FC", "AR", "GCCGO", "GO_EXTLINK_ENABLED", "PKG_CONFIG",
	}

	// Runtime changes how a Go program runs, and what it prints of itself: a
	// learner's program has the memory and the switches that its check gives it.
	Runtime = Group{"GODEBUG", "GOGC", "GOMEMLIMIT", "GOMAXPROCS", "GOTRACEBACK", "GORACE", "GOCOVERDIR"}

	// Postgres is what libpq and pgx take for whatever an address does not say;
	// PGSERVICE alone fails every connection where its file is not there.
	Postgres = Group{"PG*"}

	// Kafka names the configuration of the clients in a terminal, with brokers
	// of its own.
	Kafka = Group{"KCAT_CONFIG", "KAFKACAT_CONFIG", "KCL_*"}

	// Docker leads Docker's programs to another engine. DOCKER_CONFIG stays:
	// logins and plugins are there, and DOCKER_HOST goes before the context that
	// it names.
	Docker = Group{"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS*", "DOCKER_CERT_PATH", "BUILDX_BUILDER", "BUILDKIT_HOST"}

	// DockerClient has them ask the same engine for other things.
	DockerClient = Group{"DOCKER_API_VERSION", "DOCKER_DEFAULT_PLATFORM", "DOCKER_CONTENT_TRUST*", "COMPOSE_FILE", "COMPOSE_PROJECT_NAME"}

	// Kubernetes leads kubectl and helm to another cluster.
	Kubernetes = Group{"KUBECONFIG", "KUBERNETES_*", "HELM_KUBE*", "HELM_NAMESPACE"}

	// Proxy leads what is meant for a part to a proxy, which does not reach this
	// machine's loopback: Go leaves loopback out by itself, curl does not.
	Proxy = Group{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"}
)

// Has reports whether a variable, NAME or NAME=VALUE, is of the group.
func (g Group) Has(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	if runtime.GOOS == "windows" {
		name = strings.ToUpper(name) // there Path and PATH are the same
	}
	return slices.ContainsFunc(g, func(pattern string) bool {
		begin, open := strings.CutSuffix(pattern, "*")
		return name == pattern || open && strings.HasPrefix(name, begin)
	})
}

// Without returns the environment without what is in the groups.
func Without(env []string, groups ...Group) []string {
	all := slices.Concat(groups...)
	return slices.DeleteFunc(slices.Clone(env), all.Has)
}

// Lookup is a variable's value in an environment; of several the last counts.
func Lookup(env []string, name string) (value string) {
	for _, pair := range env {
		if is, ok := strings.CutPrefix(pair, name+"="); ok {
			value = is
		}
	}
	return value
}

// Unset takes the groups from this program itself, for libraries that ask the
// environment and can't be told not to.
func Unset(groups ...Group) {
	all := slices.Concat(groups...)
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); all.Has(name) {
			os.Unsetenv(name)
		}
	}
}

// Bare is what a program needs to run at all, and nothing else that this one
// has: what a sandbox runs is told of the sandbox alone.
func Bare() (env []string) {
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "TZ", "USERPROFILE", "LOCALAPPDATA", "TEMP", "TMP"} {
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// Check is what a check's process has of this one: nothing that leads it, or
// what it builds and runs, past the sandbox. Whoever starts it adds the
// sandbox's addresses.
func Check() []string {
	env := Without(os.Environ(), Build, Runtime, Postgres, Kafka, Docker, DockerClient, Kubernetes, Proxy)
	return append(env, goSettings(false)...)
}

// Program is what a check hands on to the learner's program: its own, which
// has the sandbox's addresses.
func Program() []string { return Without(os.Environ(), Ours, Build, Runtime) }
