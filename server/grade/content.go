package grade

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"cnalab/labs"
)

// recipe stands for how checks are built; change it when the flags change.
const recipe = "go test -c -tags lab -vet=off -ldflags=-w"

// contentHash names everything that goes into the lab's check binary.
func (g *Grader) contentHash(lab *labs.Lab, version string) (string, error) {
	sum, err := g.contentSum(lab, version)
	return sum[:min(len(sum), 20)], err
}

// Digest is the SHA-256 of what the lab's checks are made of, as `sha256:` and
// hexadecimal digits; it is the same on every machine.
func (g *Grader) Digest(lab *labs.Lab) (string, error) {
	sum, err := g.contentSum(lab, "")
	return "sha256:" + sum, err
}

func (g *Grader) contentSum(lab *labs.Lab, version string) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, recipe, version, lab.Folder)
	root := g.config.Root
	parts := []func() error{
		func() error { return hashFolder(sum, filepath.Join(lab.Dir, "checks"), isAttempt) },
		func() error { return hashFolder(sum, filepath.Join(root, "labs"), isLabOrTest) },
		func() error { return hashFile(sum, filepath.Join(root, "go.mod"), "go.mod") },
		func() error { return hashFile(sum, filepath.Join(root, "go.sum"), "go.sum") },
	}
	for _, part := range parts {
		if err := part(); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// isAttempt leaves out the wrong and right answers that prove tries: they are
// never compiled into the checks.
func isAttempt(name string, entry fs.DirEntry) bool {
	return entry.IsDir() && (name == "testdata/wrong" || name == "testdata/right")
}

// isLabOrTest leaves of labs/ what checks are compiled from beside their own
// files: all packages but those of labs, whose folders start with a digit.
func isLabOrTest(name string, entry fs.DirEntry) bool {
	if entry.IsDir() {
		return name[0] >= '0' && name[0] <= '9' || entry.Name() == "testdata"
	}
	return strings.HasSuffix(name, "_test.go")
}

func hashFolder(sum hash.Hash, dir string, skip func(string, fs.DirEntry) bool) error {
	return eachFile(dir, skip, func(name string) error {
		return hashFile(sum, filepath.Join(dir, filepath.FromSlash(name)), name)
	})
}

// eachFile calls f for the ordinary files below dir, in order of name.
func eachFile(dir string, skip func(string, fs.DirEntry) bool, f func(name string) error) error {
	return fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case skip(name, entry) && entry.IsDir():
			return fs.SkipDir
		case skip(name, entry) || !entry.Type().IsRegular():
			return nil
		}
		return f(name)
	})
}

// hashFile adds a file's name, size and bytes, so that no two lists of files
// read the same.
func hashFile(sum hash.Hash, path, name string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	fmt.Fprintf(sum, "%s %d\n", name, info.Size())
	_, err = io.Copy(sum, file)
	return err
}

// packagePath is what to tell go test: the checks' own folder where it lies in
// the module, else an overlay that puts it at labs/FOLDER/checks.
func (g *Grader) packagePath(lab *labs.Lab, work string) (pkg string, flags []string, err error) {
	root, checks := realPath(g.config.Root), realPath(filepath.Join(lab.Dir, "checks"))
	rel, err := filepath.Rel(root, checks)
	if err == nil && filepath.IsLocal(rel) {
		return "./" + filepath.ToSlash(rel), nil, nil
	}
	as := filepath.Join(root, "labs", lab.Folder, "checks")
	replace := map[string]string{}
	hide := func(name string) error { replace[filepath.Join(as, filepath.FromSlash(name))] = ""; return nil }
	if err := eachFile(as, isAttempt, hide); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", nil, err
	}
	show := func(name string) error {
		replace[filepath.Join(as, filepath.FromSlash(name))] = filepath.Join(checks, filepath.FromSlash(name))
		return nil
	}
	if err := eachFile(checks, isAttempt, show); err != nil {
		return "", nil, err
	}
	file := filepath.Join(work, "overlay.json")
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = os.WriteFile(file, content, 0o644)
	}
	return "./labs/" + lab.Folder + "/checks", []string{"-overlay", file}, err
}

func realPath(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}
