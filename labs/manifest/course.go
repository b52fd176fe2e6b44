package manifest

import "cnalab/labs"

// Course is the half and the piece of the map; a lab that adds nothing itself
// stands on the map as a service of its own name.
func (m *Manifest) Course(id string) (labs.Half, labs.Map) {
	half, piece := m.Half, m.Map
	if half == "" {
		half = labs.HalfBuild
	}
	if len(piece.Nodes)+len(piece.Links)+len(piece.Frames) == 0 {
		piece.Nodes = []labs.MapNode{{Name: id, Row: "services"}}
	}
	return half, piece
}
