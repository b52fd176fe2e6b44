package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cnalab/labs"
	"cnalab/labs/manifest"
)

// mapShapes are how a node can be drawn; a box where nothing is said.
var mapShapes = []string{"", "box", "store", "log"}

// piece looks at what the lab adds to the map.
func (in *inspection) piece() {
	nodes, names := in.mapNames()
	for i, node := range in.m.Map.Nodes {
		at := fmt.Sprintf("$.map.nodes[%d]", i)
		in.mapName(at, node.Name, names)
		in.mapChoice(at+".shape", node.Shape, mapShapes)
		if (node.Row == "") == (node.Under == "") {
			in.addMap(at+".name", node.Name, "a node of the map has a row, or stands under another", "Write row: services, or under: order.")
		} else if node.Under != "" {
			in.mapKnown(at+".under", node.Under, nodes)
		} else {
			in.mapChoice(at+".row", node.Row, labs.MapRows)
		}
	}
	for i, link := range in.m.Map.Links {
		in.mapKnown(fmt.Sprintf("$.map.links[%d].from", i), link.From, names)
		in.mapKnown(fmt.Sprintf("$.map.links[%d].to", i), link.To, names)
	}
	for i, frame := range in.m.Map.Frames {
		at := fmt.Sprintf("$.map.frames[%d]", i)
		in.mapName(at, frame.Name, names)
		if len(frame.Around) == 0 {
			in.addMap(at+".name", frame.Name, "a frame of the map is around something", "Write around: [services], or names of nodes.")
		}
		for j, name := range frame.Around {
			if !slices.Contains(labs.MapRows, name) {
				in.mapKnown(fmt.Sprintf("%s.around[%d]", at, j), name, nodes)
			}
		}
	}
}

// addMap notes a violation of the piece of the map that has the YAML path.
func (in *inspection) addMap(path, value, rule, fix string) {
	in.add(manifest.File, in.m.Line(path, "map"), value, rule, fix)
}

func (in *inspection) mapName(at, name string, names map[string][]string) {
	switch owners := names[name]; {
	case strings.TrimSpace(name) == "" || slices.Contains(labs.MapRows, name):
		in.addMap(at+".name", name, "what stands on the map has a name that no row has", "Name it as a learner would call it.")
	case len(owners) > 1 && owners[0] != in.folder || len(owners) > 1 && owners[1] == in.folder:
		in.addMap(at+".name", name, "no two things on the map have the same name", "Rename it, or take it out: "+owners[0]+" has one of that name.")
	}
}

func (in *inspection) mapChoice(path, value string, known []string) {
	if !slices.Contains(known, value) {
		in.addMap(path, value, "a node of the map has a row and a shape that can be drawn",
			"Use one of "+strings.Trim(strings.Join(known, ", "), ", ")+".")
	}
}

func (in *inspection) mapKnown(path, name string, names map[string][]string) {
	if len(names[name]) == 0 {
		in.addMap(path, name, "the map has what is named there", "Use the name of a node of this lab or another, or of a frame where a link ends, or add one.")
	}
}

// mapNames are the names that all labs put on the map, those of nodes and all,
// with the folders of the labs that do, in their order.
func (in *inspection) mapNames() (nodes, names map[string][]string) {
	nodes, names = map[string][]string{}, map[string][]string{}
	parent := filepath.Dir(in.dir)
	entries, _ := os.ReadDir(parent) // where there is none, no name is known
	for _, entry := range entries {
		_, id, ok := labs.ParseFolder(entry.Name())
		if !ok {
			continue
		}
		m, _ := manifest.Read(filepath.Join(parent, entry.Name())) // its own inspection tells what is wrong
		_, piece := m.Course(id)
		for _, node := range piece.Nodes {
			nodes[node.Name] = append(nodes[node.Name], entry.Name())
			names[node.Name] = append(names[node.Name], entry.Name())
		}
		for _, frame := range piece.Frames {
			names[frame.Name] = append(names[frame.Name], entry.Name())
		}
	}
	return nodes, names
}
