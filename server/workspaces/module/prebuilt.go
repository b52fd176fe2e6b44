package module

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cnalab/labs/gobuild"
	"cnalab/labs/process"
)

// prebuiltFolder is where an archive has the learner's module ready, below its
// root: asking the go command for it would fetch what only the program needs.
var prebuiltFolder = filepath.Join("prebuilt", "module")

// Prebuild writes the learner's module to where Make finds it below stage.
func Prebuild(ctx context.Context, root, stage string) error {
	goMod, goSum, err := Make(ctx, root)
	if err != nil {
		return err
	}
	return writeModuleFiles(filepath.Join(stage, prebuiltFolder), goMod, goSum)
}

func writeModuleFiles(dir string, goMod, goSum []byte) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), goMod, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "go.sum"), goSum, 0o644)
}

// prebuilt returns the module that an archive has ready, if root is one.
func prebuilt(root string) (goMod, goSum []byte, ok bool) {
	goMod, err := os.ReadFile(filepath.Join(root, prebuiltFolder, "go.mod"))
	if err != nil {
		return nil, nil, false
	}
	goSum, err = os.ReadFile(filepath.Join(root, prebuiltFolder, "go.sum"))
	return goMod, goSum, err == nil
}

// fetch has the go command get the module's libraries: who builds the program
// has them, who unpacks an archive has not, and learners' code is built offline.
func fetch(ctx context.Context, goMod, goSum []byte) error {
	dir, err := process.MkdirTemp("module-")
	if err != nil {
		return fmt.Errorf("fetch libraries: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := writeModuleFiles(dir, goMod, goSum); err != nil {
		return fmt.Errorf("fetch libraries: %w", err)
	}
	download := gobuild.Command{Dir: dir, Online: true, Args: []string{"mod", "download"}}.Cmd(ctx)
	if out, err := download.CombinedOutput(); err != nil {
		return fmt.Errorf("fetch libraries: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}
