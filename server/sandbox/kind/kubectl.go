package kind

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	stdruntime "runtime"
	"strings"

	"github.com/moby/moby/client"

	"cnalab/fixtures/images"
	"cnalab/server/sandbox/engine"
	"cnalab/server/sandbox/runtime"
)

// kubectlPath is where a node has it, maybe as a link to a program of many names.
const kubectlPath = "/usr/bin/kubectl"

// kubectlFolder is where kubectl goes for a machine that has none; empty where it
// has one, or could not run a node's.
func (p *Provider) kubectlFolder() string {
	if _, err := exec.LookPath("kubectl"); err == nil || stdruntime.GOOS != "linux" {
		return ""
	}
	_, version, _ := strings.Cut(images.Node, ":") // a PATH bears no colons
	return filepath.Join(p.config.Data, "cache", "kubectl", version)
}

// installKubectl copies a node's kubectl out where the machine lacks one, once for
// a version.
func (g *backend) installKubectl(ctx context.Context, s *runtime.Stages) error {
	if g.kubectl == "" {
		return nil
	}
	path := filepath.Join(g.kubectl, "kubectl")
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	return s.Run("copy kubectl", func() error {
		if err := g.cluster.copyOut(ctx, g.cluster.container(controlPlane), kubectlPath, path); err != nil {
			return fmt.Errorf("copy kubectl: %w", engine.Translate(err))
		}
		return nil
	})
}

// copyOut copies a program from a container, following a link.
func (c *cluster) copyOut(ctx context.Context, name, from, to string) error {
	stat, err := c.engine.ContainerStatPath(ctx, name, client.ContainerStatPathOptions{Path: from})
	if err != nil {
		return err
	}
	if stat.Stat.LinkTarget != "" {
		from = stat.Stat.LinkTarget
	}
	archive, err := c.engine.CopyFromContainer(ctx, name, client.CopyFromContainerOptions{SourcePath: from})
	if err != nil {
		return err
	}
	defer archive.Content.Close()
	files := tar.NewReader(archive.Content)
	if _, err := files.Next(); err != nil {
		return err
	}
	return writeProgram(to, files)
}

// writeProgram writes a file that is whole or not there.
func writeProgram(path string, content io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = io.Copy(file, content)
	if err == nil {
		err = file.Chmod(0o755)
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
