package labs

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The environment in which a lab's checks run. Whoever runs them sets it;
// package check reads it.
const (
	// EnvWorkspace is the absolute path of the learner's files.
	EnvWorkspace = "CNALAB_WORKSPACE"
	// EnvCache is a folder where checks may keep what they built, by content hash.
	EnvCache = "CNALAB_CACHE"
	// EnvRun names the run of checks that this one belongs to, of one step or of
	// several, so that what was met once need not be waited for again.
	EnvRun = "CNALAB_RUN"
	// EnvControl is the address of the sandbox's control server, with its
	// token as user: http://TOKEN@127.0.0.1:PORT.
	EnvControl = "CNALAB_CONTROL"
	// EnvHides is a list of folders, as PATH is one, of which the learner's programs
	// see nothing but their own files.
	EnvHides = "CNALAB_HIDES"
	// EnvPassEnvironment lists, between spaces, the names of the variables that the
	// learner's programs are told beside what every program needs.
	EnvPassEnvironment = "CNALAB_PASS_ENVIRONMENT"
	// EnvKafka is the address, HOST:PORT, of the broker named kafka; another one's
	// name is added: KAFKA_EVENTS.
	EnvKafka = "KAFKA"
	// EnvRegistry is the private registry's address, HOST:PORT.
	EnvRegistry = "REGISTRY"
	// EnvDocker is the address of the sandbox's own way to the Docker engine, as
	// Docker's own programs read it.
	EnvDocker = "DOCKER_HOST"
	// EnvKube is the path of the file that says how to reach the cluster, as
	// kubectl reads it.
	EnvKube = "KUBECONFIG"
	// EnvTLSCA is the path of the PEM file with the certificate of the sandbox's own
	// authority, by which parts that serve TLS are known; it is set where there are
	// any. It is not SSL_CERT_FILE: curl and Go read what that names instead of the
	// system's own file of authorities, so a terminal would no longer reach the
	// rest of the world; and on macOS and Windows Go does not read it.
	EnvTLSCA = "TLS_CA_FILE"
	// EnvPublicURL is the base URL of a service as a browser on this machine reaches
	// it. The service itself is told of it; to the other services it may have
	// another address, that in its SERVICE_ variable.
	EnvPublicURL = "PUBLIC_URL"
	// EnvSandbox says which provider opened the sandbox: embedded, docker or kind.
	EnvSandbox = "CNALAB_SANDBOX"
)

// EnvNodePort is the variable with the address on this machine, HOST:PORT, that
// leads to a port of the cluster's nodes: NODEPORT_30080 for 30080.
func EnvNodePort(port int) string { return fmt.Sprintf("NODEPORT_%d", port) }

// NodePorts are the ports of a cluster's nodes that lead out of it.
var NodePorts = []int{30080, 30443}

// EnvDatabase is the variable with the connection URL of a database, as the role
// that owns it: DATABASE_ORDER for order. A role that owns nothing has one, too.
func EnvDatabase(name string) string { return "DATABASE_" + EnvName(name) }

// EnvPort is the variable with the address, HOST:PORT, of a container's port:
// SHOP_WEB_HTTP for the port http of shop-web.
func EnvPort(part, port string) string { return EnvName(part) + "_" + EnvName(port) }

// EnvService is the variable with the base URL of a service, an https one where
// the service serves TLS: SERVICE_ORDER for order.
func EnvService(service string) string { return "SERVICE_" + EnvName(service) }

// EnvPart is the variable of a part of a kind that has one variable: the plain name
// for the one that bears its kind's name, KAFKA_EVENTS for another one called events.
func EnvPart(plain string, p Part) string {
	if p.Name == p.Kind {
		return plain
	}
	return plain + "_" + EnvName(p.Name)
}

// Variables are those in which a terminal finds the parts of the lab's sandbox, in
// the parts' order. Of a service with replicas it is the one that lists them.
func (l *Lab) Variables() (all []string) {
	for _, p := range l.Parts {
		all = append(all, p.variables()...)
	}
	if slices.ContainsFunc(l.Parts, func(p Part) bool { return p.TLS }) {
		all = append(all, EnvTLSCA)
	}
	return all
}

func (p Part) variables() (all []string) {
	switch p.Kind {
	case KindKafka:
		all = append(all, EnvPart(EnvKafka, p))
	case KindRegistry:
		all = append(all, EnvPart(EnvRegistry, p))
	case KindPostgres:
		for _, name := range append(slices.Clone(p.Databases), slices.Sorted(maps.Keys(p.Roles))...) {
			all = append(all, EnvDatabase(name))
		}
	case KindService, KindFixture:
		all = append(all, EnvService(p.Name))
	case KindContainer:
		for _, name := range p.Instances() {
			for _, port := range slices.Sorted(maps.Keys(p.Ports)) {
				all = append(all, EnvPort(name, port))
			}
		}
	case KindDocker:
		all = append(all, EnvDocker)
	case KindKubernetes:
		all = append(all, EnvKube)
		for _, port := range NodePorts {
			all = append(all, EnvNodePort(port))
		}
	}
	return all
}

// EnvName is a part's name as a variable's name has it.
func EnvName(service string) string {
	return strings.ToUpper(strings.ReplaceAll(service, "-", "_"))
}

// FaultKind is a way to break a part of a sandbox on purpose.
type FaultKind string

const (
	Pause   FaultKind = "pause"   // frozen: connections stay open, nothing answers
	Stop    FaultKind = "stop"    // ended in good order, refuses connections
	Kill    FaultKind = "kill"    // ended at once (SIGKILL), refuses connections
	Slow    FaultKind = "slow"    // every answer comes later by the delay
	Restart FaultKind = "restart" // stopped and started again
	Cut     FaultKind = "cut"     // cut off: it runs on, and nobody reaches it
)

// FaultKinds lists them in the order a page offers them.
var FaultKinds = []FaultKind{Pause, Slow, Cut, Stop, Kill, Restart}
