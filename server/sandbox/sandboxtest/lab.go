package sandboxtest

import (
	"os"
	"strconv"

	"cnalab/labs"
	"cnalab/server/sandbox/part"
	"cnalab/server/sandbox/part/kinds"
	"cnalab/server/sandbox/part/postgres"
)

// Kinds are all kinds of parts, for a provider under test.
func Kinds(root string) part.Kinds { return kinds.All(postgres.Config{Root: root}) }

// LabFolder and ClusterLabFolder are the folders of the contract's labs, which
// everything of theirs in an engine is labelled with. They name this run of the
// tests, with the processes that it starts: what another run beside it has in
// the engine is not its own.
var (
	LabFolder        = "999-contract-" + run
	ClusterLabFolder = "998-contract-" + run
)

var run = func() string {
	const variable = "CNALAB_CONTRACT_RUN"
	if os.Getenv(variable) == "" {
		os.Setenv(variable, strconv.Itoa(os.Getpid()))
	}
	return os.Getenv(variable)
}()

// Lab is a lab with these parts.
func Lab(parts ...labs.Part) *labs.Lab {
	return &labs.Lab{ID: "contract", Number: "999", Folder: LabFolder, Parts: parts}
}

// ClusterLab is a lab with a cluster of a control plane and a worker.
func ClusterLab() *labs.Lab {
	return &labs.Lab{ID: "contract", Number: "998", Folder: ClusterLabFolder, Parts: []labs.Part{Kubernetes}}
}

// Kubernetes is a cluster that bears its kind's name.
var Kubernetes = labs.Part{Name: labs.KindKubernetes, Kind: labs.KindKubernetes}

// Kafka is a broker that bears its kind's name.
var Kafka = labs.Part{Name: labs.KindKafka, Kind: labs.KindKafka}

// Postgres is a server that bears its kind's name.
func Postgres(databases ...string) labs.Part {
	return labs.Part{Name: labs.KindPostgres, Kind: labs.KindPostgres, Databases: databases}
}

// Service is built from its folder, and owns the database of its name where
// there is one.
func Service(name, database string) labs.Part {
	return labs.Part{Name: name, Kind: labs.KindService, Database: database}
}
