package grade

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"cnalab/labs"
)

// Where a folder of prebuilt programs has what grading takes.
const (
	checksFolder  = "checks"
	converterName = "test2json"
)

// Prebuild makes, for a system like linux and amd64, what Config.Prebuilt can
// name on a machine of that system: the checks of the labs, and the converter.
func (g *Grader) Prebuild(ctx context.Context, dir, goos, goarch string, all []*labs.Lab) error {
	system := []string{"GOOS=" + goos, "GOARCH=" + goarch}
	for _, lab := range all {
		name, err := g.prebuiltName(lab)
		if err != nil {
			return err
		}
		if err := g.goTest(ctx, lab, append(testFlags(filepath.Join(dir, name)), "./labs/"+lab.Folder+"/checks"), system...); err != nil {
			return err
		}
	}
	suffix := ""
	if goos == "windows" {
		suffix = ".exe"
	}
	convert := g.buildConverter(filepath.Join(dir, converterName+suffix))
	convert.Env = append(convert.Env, system...)
	if out, err := convert.Run(ctx); err != nil {
		return fmt.Errorf("build test2json: %w: %s", err, out)
	}
	return nil
}

// prebuiltName is named by content, and not by who compiled it: what is
// prebuilt runs where there is another Go, or none.
func (g *Grader) prebuiltName(lab *labs.Lab) (string, error) {
	hash, err := g.contentHash(lab, "")
	return filepath.Join(checksFolder, fmt.Sprintf("%s-%s.test", lab.Folder, hash)), err
}

// prebuilt returns the lab's checks where they were prebuilt and nothing has
// changed since, else "".
func (g *Grader) prebuilt(lab *labs.Lab) string {
	if g.config.Prebuilt == "" {
		return ""
	}
	if _, err := os.Stat(filepath.Join(g.config.Prebuilt, checksFolder)); err != nil {
		return ""
	}
	name, err := g.prebuiltName(lab)
	path := filepath.Join(g.config.Prebuilt, name)
	if _, statErr := os.Stat(path); err != nil || statErr != nil {
		return ""
	}
	return path
}
