package environ

import (
	"os"
	"slices"
	"strings"
)

// loopback is what no proxy reaches.
const loopback = "localhost,127.0.0.1,::1"

// public is what a user has set that changes how programs speak and how they
// reach the rest of the world, and that is no secret.
var public = Group{"LANG", "LANGUAGE", "LC_*", "TERM", "GOPROXY", "GONOPROXY", "GOSUMDB", "GONOSUMDB", "GOPRIVATE"}

// Untrusted is what commands are told that another has typed: the sandbox's
// addresses, and of the user's own what every program needs. A proxy that
// asks for a password is not among it.
func Untrusted(addresses []string) []string {
	env := Bare()
	for _, pair := range os.Environ() {
		if (public.Has(pair) || Proxy.Has(pair)) && !strings.Contains(pair, "@") {
			env = append(env, pair)
		}
	}
	return Shell(env, addresses)
}

// Script is what commands that were typed elsewhere are told where they are done
// again: as Shell, and nothing that the user of this machine has set for Go.
func Script(addresses []string) []string {
	return Shell(Without(os.Environ(), Ours, Build, Runtime), addresses)
}

// Shell is what commands that are typed into a sandbox are told: the user's
// own, the sandbox's addresses, and nothing that would lead past what the
// sandbox has. A proxy stays, for the rest of the world.
func Shell(user, addresses []string) []string {
	env := slices.Clone(user)
	for _, own := range []struct {
		address string // begins so
		group   Group
	}{{"DATABASE_", Postgres}, {"KAFKA", Kafka}, {"DOCKER_HOST=", Docker}, {"DOCKER_HOST=", DockerClient}, {"KUBECONFIG=", Kubernetes}} {
		if slices.ContainsFunc(addresses, func(a string) bool { return strings.HasPrefix(a, own.address) }) {
			env = Without(env, own.group)
		}
	}
	return append(pastProxy(env), addresses...)
}

// pastProxy has programs reach loopback by themselves, where there is a proxy.
func pastProxy(env []string) []string {
	if !slices.ContainsFunc(env, Proxy.Has) {
		return env
	}
	for _, name := range []string{"NO_PROXY", "no_proxy"} {
		value := loopback
		for _, pair := range env {
			if own, ok := strings.CutPrefix(pair, name+"="); ok && own != "" {
				value = own + "," + loopback
			}
		}
		env = append(env, name+"="+value)
	}
	return env
}
