package lint

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cnalab/labs"
	"cnalab/labs/manifest"
)

// part notes a violation of a part; field is the key below it that is meant.
func (in *inspection) part(p labs.Part, field, value, rule, fix string) {
	in.add(manifest.File, in.m.PartLine(p.Name, field), value, rule, fix)
}

// partFiles looks for what parts are made of: folders and files.
func (in *inspection) partFiles() {
	for _, p := range in.m.InOrder() {
		switch p.Kind {
		case labs.KindService:
			if !in.m.Planned && manifest.IsPartName(p.Name) && !isFolder(os.DirFS(in.dir), "workspace/"+p.Name) {
				in.part(p, "", p.Name, "a service has a folder in workspace", fmt.Sprintf("Write workspace/%s/main.go, or make it a fixture.", p.Name))
			}
		case labs.KindFixture:
			if manifest.IsPartName(p.Name) && !isFolder(in.fixtures, p.Name) {
				in.part(p, "", p.Name, "a fixture has a folder in fixtures", "Take the name of one there, or make it a service.")
			}
		}
		for _, inside := range slices.Sorted(maps.Keys(p.Files)) {
			in.partFile(p, inside)
		}
	}
}

func (in *inspection) partFile(p labs.Part, inside string) {
	name := p.Files[inside]
	info, err := os.Stat(filepath.Join(in.dir, filepath.FromSlash(name)))
	if !filepath.IsLocal(filepath.FromSlash(name)) || err != nil || !info.Mode().IsRegular() {
		in.part(p, "files/"+inside, name, "a file that a part is given is below the lab's folder", "Write it, in files/ for example, or mend its path.")
	}
	if !strings.HasPrefix(inside, "/") {
		in.part(p, "files/"+inside, inside, "a file's place in the container is a whole path", "Begin it with a slash.")
	}
}
