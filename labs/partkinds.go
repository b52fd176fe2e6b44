package labs

// The kinds of parts that a lab's sandbox can have.
const (
	KindKafka      = "kafka"
	KindPostgres   = "postgres"
	KindService    = "service"
	KindFixture    = "fixture"
	KindContainer  = "container"
	KindRegistry   = "registry"
	KindDocker     = "docker"
	KindKubernetes = "kubernetes"
)

// PartKind is a kind of part as an author writes it; what runs for one is told in
// server/sandbox/part.
type PartKind struct {
	Says   string   // what it is, for completion in an editor
	Fields []string // what lab.yaml may say of such a part, beside kind and after
}

// PartKinds are all of them, by what `kind:` says.
var PartKinds = map[string]PartKind{
	KindKafka:      {Says: "A Kafka broker."},
	KindPostgres:   {Says: "A Postgres server.", Fields: []string{"databases", "roles", "statements"}},
	KindService:    {Says: "A service, built from its folder in the workspace.", Fields: []string{"replicas", "database", "databases", "env", "tls"}},
	KindFixture:    {Says: "A service of the project's own, from fixtures.", Fields: []string{"replicas", "database", "databases"}},
	KindContainer:  {Says: "A container of any image.", Fields: []string{"image", "ports", "env", "files", "ready", "memory", "replicas"}},
	KindRegistry:   {Says: "A private image registry."},
	KindDocker:     {Says: "A Docker engine for the learner's own containers."},
	KindKubernetes: {Says: "A Kubernetes cluster.", Fields: []string{"workers"}},
}
