//go:build lab

package checks

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"cnalab/labs/check"
	"cnalab/labs/check/kube"
)

// orderFile is the file that each step changes.
const orderFile = "order.yaml"

// written sees that what runs stands in a file, as it runs: what is order's in
// order.yaml, the rest in a file of any name.
func (s *shop) written(kind, name string) {
	s.Helper()
	m, at := s.manifest(kind, name)
	d := s.kube.Compare(namespace, m)
	if d == nil {
		return
	}
	f := check.Finding{Say: fmt.Sprintf("The %s %s in the cluster differs from %s.", kind, name, at), Got: inFile(d), Want: asItRuns(d), At: at,
		Next: fmt.Sprintf("Change the file, then apply it: kubectl apply -f %s", at)}
	if d.CannotTake != "" {
		f = check.Finding{Say: fmt.Sprintf("The cluster refuses the %s %s of %s as a change of the one that it has.", kind, name, at), At: at, Output: d.CannotTake,
			Next: fmt.Sprintf("Correct the file, and apply it: kubectl apply -f %s", at)}
	}
	s.NotYet(f)
}

func inFile(d *kube.Difference) string {
	if d.InFile == "" {
		return fmt.Sprintf("%s is not set in the file", d.Field)
	}
	return fmt.Sprintf("%s: %s, in the file", d.Field, d.InFile)
}

func asItRuns(d *kube.Difference) string {
	if d.InCluster == "" {
		return fmt.Sprintf("%s is not set in the cluster", d.Field)
	}
	return fmt.Sprintf("%s: %s, as in the cluster", d.Field, d.InCluster)
}

// manifest gets an object of the files, and the file that it stands in.
func (s *shop) manifest(kind, name string) (m kube.Manifest, file string) {
	s.Helper()
	f := check.Finding{Say: fmt.Sprintf("The %s %s is in no file.", kind, name), Got: "nothing of that name", At: strings.TrimPrefix(name, "order-") + ".yaml"}
	files := s.files()
	for _, file := range yamlFiles(files, name) {
		all, err := kube.ReadManifests(files[file])
		if err != nil && file == orderFile {
			s.NotYet(check.Finding{Say: "order.yaml cannot be read as YAML.", At: file, Output: err.Error(), Next: "Correct the line that cannot be read, and apply the file again."})
		}
		for _, m := range slices.Backward(all) { // the last one is what counts when the file is applied
			switch {
			case m.Name != name || m.Namespace != "" && m.Namespace != namespace:
			case m.Kind == kind:
				return m, file
			default:
				f.Got, f.At = fmt.Sprintf("%s %s", m.Kind, m.Name), file
			}
		}
	}
	f.Want = fmt.Sprintf("%s %s", kind, name)
	f.Next = fmt.Sprintf("Write it into %s, and apply the file: what only a command has made is lost with the cluster.", f.At)
	s.NotYet(f)
	return m, ""
}

// yamlFiles are the names of the files in which an object may stand.
func yamlFiles(files map[string]string, name string) (names []string) {
	for file := range files {
		isYAML := slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(file))
		if isYAML && (name != "order" || file == orderFile) {
			names = append(names, file)
		}
	}
	slices.Sort(names)
	return names
}

// noPod sees that order.yaml holds no bare Pod any more.
func (s *shop) noPod() {
	s.Helper()
	all, _ := kube.ReadManifests(s.files()[orderFile])
	for _, m := range all {
		if m.Kind == "Pod" {
			s.NotYet(check.Finding{Say: "order.yaml still holds a bare Pod beside the Deployment.", Got: fmt.Sprintf("%s %s", m.Kind, m.Name), Want: "no Pod", At: orderFile,
				Next: "Remove it from the file: the template of the Deployment has replaced it."})
		}
	}
}

// isSecret reports whether a file is the manifest of a Secret.
func isSecret(text string) bool {
	all, _ := kube.ReadManifests(text)
	return slices.ContainsFunc(all, func(m kube.Manifest) bool { return strings.EqualFold(m.Kind, "Secret") })
}

// files are the texts of the workspace, in all its folders.
func (s *shop) files() map[string]string {
	s.Helper()
	texts := map[string]string{}
	err := fs.WalkDir(os.DirFS(s.Workspace()), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(s.Workspace(), filepath.FromSlash(name)))
		texts[name] = string(text)
		return err
	})
	s.Must(err, "The files of the workspace cannot be read.")
	return texts
}
