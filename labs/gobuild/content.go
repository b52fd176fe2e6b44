package gobuild

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/parser"
	"go/token"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"
)

// Content names what a main package is built from: its files, those of the
// module's packages it imports, what they may embed, and the versions of
// everything else. Two equal names build the same program.
func Content(root, folder string) (string, error) {
	goMod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", fmt.Errorf("read module: %w", err)
	}
	goSum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil && !os.IsNotExist(err) {
		return "", fmt.Errorf("read module: %w", err)
	}
	w := &walk{root: root, module: modfile.ModulePath(goMod), sum: sha256.New(), seen: map[string]bool{}}
	fmt.Fprintf(w.sum, "%s %s %s\n%q\n%q\n%q\n", runtime.GOOS, runtime.GOARCH, toolchain(), folder, goMod, goSum)
	if err := w.visit(filepath.ToSlash(folder)); err != nil {
		return "", fmt.Errorf("read %s: %w", folder, err)
	}
	return hex.EncodeToString(w.sum.Sum(nil))[:16], nil
}

type walk struct {
	root, module string
	sum          hash.Hash
	seen         map[string]bool // folders below root
}

// visit adds a package's folder, and then the folders of what it imports.
func (w *walk) visit(folder string) error {
	if w.seen[folder] {
		return nil
	}
	w.seen[folder] = true
	var imports []string
	base := filepath.Join(w.root, filepath.FromSlash(folder))
	err := filepath.WalkDir(base, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || !isFile(name) { // a link is what it leads to, as the compiler takes it
			return nil
		}
		isGo := strings.HasSuffix(name, ".go")
		if strings.HasSuffix(name, "_test.go") || isGo && filepath.Dir(name) != base {
			return nil // another package's, or a test's
		}
		text, err := w.add(name)
		if isGo {
			imports = append(imports, w.within(name, text)...)
		}
		return err
	})
	if os.IsNotExist(err) {
		return nil // the compiler says it better
	}
	if err != nil {
		return err
	}
	slices.Sort(imports)
	for _, folder := range slices.Compact(imports) {
		if err := w.visit(folder); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) add(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 64<<20))
	inside, _ := filepath.Rel(w.root, name)
	fmt.Fprintf(w.sum, "%q %d\n", filepath.ToSlash(inside), len(text))
	w.sum.Write(text)
	return text, err
}

// within returns the folders of the module's own packages that a file
// imports. A file that does not parse is left to the compiler.
func (w *walk) within(name string, text []byte) (folders []string) {
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
	if err != nil {
		return nil
	}
	for _, i := range file.Imports {
		imported, _ := strconv.Unquote(i.Path.Value)
		if below, ok := strings.CutPrefix(imported, w.module+"/"); ok {
			folders = append(folders, path.Clean(below))
		}
	}
	return folders
}

var toolchain = sync.OnceValue(goVersion)
