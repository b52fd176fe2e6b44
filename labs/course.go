package labs

// Half is the half of the course that a lab belongs to.
type Half string

// The halves, in the order in which they are taken.
const (
	HalfBuild Half = "build" // design and build
	HalfRun   Half = "run"   // ship and run
)

// Map is what a lab adds to the catalogue's map of the shop. Names are those
// of nodes and frames of this lab or of any other.
type Map struct {
	Nodes  []MapNode  `yaml:"nodes,omitempty" jsonschema_description:"What the lab adds."`
	Links  []MapLink  `yaml:"links,omitempty" jsonschema_description:"Who speaks to whom; of links whose ends no lab adds nothing is drawn."`
	Frames []MapFrame `yaml:"frames,omitempty" jsonschema_description:"What holds others, such as a cluster."`
}

// MapNode is one box, store or log of the map.
type MapNode struct {
	Name  string `yaml:"name" jsonschema:"minLength=1" jsonschema_description:"What it is called on the map; no other has that name."`
	Shape string `yaml:"shape,omitempty" jsonschema:"enum=box,enum=store,enum=log" jsonschema_description:"How it is drawn; a box where it is left out."`
	Row   string `yaml:"row,omitempty" jsonschema:"enum=entry,enum=services,enum=stores,enum=messaging,enum=downstream,enum=outside" jsonschema_description:"Which row it stands in, from top to bottom; outside is beside the rows."`
	Under string `yaml:"under,omitempty" jsonschema_description:"The node that it stands right below, instead of a row: a service, for its store."`
}

// MapLink is an arrow of the map.
type MapLink struct {
	From string `yaml:"from" jsonschema:"minLength=1"`
	To   string `yaml:"to" jsonschema:"minLength=1"`
	Both bool   `yaml:"both,omitempty" jsonschema_description:"There is an arrow back too."`
}

// MapFrame is a line around nodes.
type MapFrame struct {
	Name   string   `yaml:"name" jsonschema:"minLength=1"`
	Around []string `yaml:"around" jsonschema:"minItems=1" jsonschema_description:"Names of nodes, or of rows for all that stand in them."`
	Each   bool     `yaml:"each,omitempty" jsonschema_description:"Each node has a frame of its own."`
}

// MapRows are the rows of the map from top to bottom, and last what stands
// outside, beside them.
var MapRows = []string{"entry", "services", "stores", "messaging", "downstream", "outside"}
