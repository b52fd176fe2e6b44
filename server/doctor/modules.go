package doctor

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// libraries are the modules that the learner's code imports. Who has built the
// program has them; with an archive the first lab that is opened fetches them.
var libraries = []string{"github.com/segmentio/kafka-go", "github.com/jackc/pgx/v5"}

func modules(ctx context.Context, c Config) Finding {
	f := Finding{Name: "libraries", State: Good, Say: "of the labs, found among Go's modules"}
	cache, err := answer(ctx, "go", "env", "GOMODCACHE")
	if err != nil {
		f.State, f.Say = Note, "Go is asked for those of the labs, once it is there"
		return f
	}
	if missing := missingModules(filepath.Join(c.Root, "go.mod"), cache); len(missing) > 0 {
		f.State, f.Say = Note, strings.Join(missing, " and ")+" will be fetched when the first lab is opened, which takes a network"
	}
	return f
}

// missingModules are those of the libraries that the cache has not in the
// version of the project.
func missingModules(goMod, cache string) (missing []string) {
	text, err := os.ReadFile(goMod)
	if err != nil {
		return libraries
	}
	file, err := modfile.ParseLax(goMod, text, nil)
	if err != nil {
		return libraries
	}
	have := map[string]bool{}
	for _, r := range file.Require {
		path, err := module.EscapePath(r.Mod.Path)
		if err == nil {
			_, err = os.Stat(filepath.Join(cache, filepath.FromSlash(path)+"@"+r.Mod.Version))
		}
		have[r.Mod.Path] = err == nil
	}
	for _, path := range libraries {
		if !have[path] {
			missing = append(missing, path)
		}
	}
	return missing
}
