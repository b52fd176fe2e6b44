package sandboxtest

import (
	"cnalab/labs"
	"cnalab/server/sandbox/part"
	"cnalab/server/sandbox/part/kinds"
	"cnalab/server/sandbox/part/postgres"
)

// Kinds are all kinds of parts, for a provider under test.
func Kinds(root string) part.Kinds { return kinds.All(postgres.Config{Root: root}) }

// Lab is a lab with these parts.
func Lab(parts ...labs.Part) *labs.Lab {
	return &labs.Lab{ID: "contract", Number: "999", Folder: "999-contract", Parts: parts}
}

// ClusterLab is a lab with a cluster of a control plane and a worker.
func ClusterLab() *labs.Lab {
	return &labs.Lab{ID: "contract", Number: "998", Folder: "998-contract", Parts: []labs.Part{Kubernetes}}
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
