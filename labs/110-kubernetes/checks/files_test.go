//go:build lab

package checks

import (
	"fmt"
	"path"
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
	f := check.Finding{Say: fmt.Sprintf("The %s %s runs otherwise than %s says.", kind, name, at), Got: inFile(d), Want: asItRuns(d), At: at,
		Next: fmt.Sprintf("Change the file and not what runs, then apply it: kubectl apply -f %s", at)}
	if d.CannotTake != "" {
		f = check.Finding{Say: fmt.Sprintf("The cluster does not take the %s %s of %s in place of the one that runs.", kind, name, at), At: at, Output: d.CannotTake,
			Next: fmt.Sprintf("Mend the file, and apply it: kubectl apply -f %s", at)}
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
	f := check.Finding{Say: fmt.Sprintf("No file says what the %s %s is.", kind, name), Got: "nothing of that name", At: strings.TrimPrefix(name, "order-") + ".yaml"}
	files := s.files()
	for _, file := range yamlFiles(files, name) {
		all, err := kube.ReadManifests(files[file])
		if err != nil && file == orderFile {
			s.NotYet(check.Finding{Say: "order.yaml cannot be read as YAML.", At: file, Output: err.Error(), Next: "Mend it where it cannot be read, and apply it again."})
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
	f.Next = fmt.Sprintf("Write it into %s, and apply the file: what was typed alone is gone with the cluster.", f.At)
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
				Next: "Take it out of the file: the Deployment's template is what it was."})
		}
	}
}

// isSecret reports whether a file is the manifest of a Secret.
func isSecret(text string) bool {
	all, _ := kube.ReadManifests(text)
	return slices.ContainsFunc(all, func(m kube.Manifest) bool { return strings.EqualFold(m.Kind, "Secret") })
}
