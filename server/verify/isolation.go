package verify

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"cnalab/fixtures/images/engine"
	"cnalab/labs"
	"cnalab/labs/environ"
	"cnalab/labs/process"
)

// levels are the isolations, what keeps least away first.
var levels = []labs.Isolation{labs.ByNothing, labs.ByNamespace, labs.ByAccount, labs.ByContainer}

// weaker is the isolation of what one and another kept away; empty is neither.
func weaker(one, other labs.Isolation) labs.Isolation {
	for _, level := range levels {
		if one == level || other == level {
			return level
		}
	}
	return ""
}

// prepare makes, once, the folder that the commands have for their own, and
// keeps them away from all but that, the workspace and the sandbox.
func (s *replayShell) prepare(ctx context.Context, temp string) (err error) {
	if s.own != "" {
		return nil
	}
	if s.own, err = os.MkdirTemp(temp, "replay-"); err != nil {
		return err
	}
	for _, name := range []string{"home", "tmp", "elsewhere", "bin"} {
		if err := os.Mkdir(filepath.Join(s.own, name), 0o700); err != nil {
			return err
		}
	}
	s.isolation = &process.Isolation{As: process.NewDynamicUser(), Hides: s.hides, Writes: []string{s.dir, s.own}}
	home := filepath.Join(s.own, "home")
	own := []string{"HOME=" + home, "TMPDIR=" + filepath.Join(s.own, "tmp"), "DOCKER_CONFIG=" + filepath.Join(home, ".docker")}
	s.environment = append(environ.Untrusted(s.addresses), own...)
	if err := s.bringTools(filepath.Join(s.own, "bin")); err != nil {
		return err
	}
	if file := environ.Lookup(s.addresses, labs.EnvTLSCA); file != "" {
		s.isolation.Reads = append(s.isolation.Reads, file)
	}
	if err := errors.Join(s.reachCluster(home), s.plugIn(filepath.Join(home, ".docker"))); err != nil {
		return err
	}
	s.reachEngine(ctx)
	return s.isolation.Chown()
}

// plugIn lets docker find the plugins that somebody has in a folder of their own,
// without what else is there: logins.
func (s *replayShell) plugIn(own string) error {
	folder := os.Getenv("DOCKER_CONFIG")
	if home, err := os.UserHomeDir(); folder == "" && err == nil {
		folder = filepath.Join(home, ".docker")
	}
	folder = filepath.Join(folder, "cli-plugins")
	if _, err := os.Stat(folder); err != nil {
		return nil
	}
	s.isolation.Reads = append(s.isolation.Reads, folder)
	config, err := json.Marshal(map[string][]string{"cliPluginsExtraDirs": {folder}})
	return errors.Join(err, os.Mkdir(own, 0o700), os.WriteFile(filepath.Join(own, "config.json"), config, 0o600))
}

// reachCluster gives the commands a copy of how the cluster is reached, which
// they may change as kubectl does: checks go by the sandbox's own.
func (s *replayShell) reachCluster(home string) error {
	s.told = slices.Clone(s.environment)
	file := environ.Lookup(s.addresses, labs.EnvKube)
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	own := filepath.Join(home, ".kube", "config")
	s.told = append(s.told, labs.EnvKube+"="+own)
	return errors.Join(err, os.Mkdir(filepath.Dir(own), 0o700), os.WriteFile(own, text, 0o600))
}

// reachEngine lets the commands ask the sandbox's own way to the engine, and
// not the engine.
func (s *replayShell) reachEngine(ctx context.Context) {
	socket, ok := strings.CutPrefix(environ.Lookup(s.addresses, labs.EnvDocker), "unix://")
	if !ok {
		return
	}
	s.isolation.Writes = append(s.isolation.Writes, socket)
	api, err := engine.Find(ctx)
	if err != nil {
		return
	}
	defer api.Close()
	if path, ok := strings.CutPrefix(api.DaemonHost(), "unix://"); ok {
		s.isolation.Hides = append(s.isolation.Hides, path)
	}
}

// bringTools has the programs that steps are done with be found last in the folder:
// some people have them where the commands see nothing.
func (s *replayShell) bringTools(folder string) error {
	if process.Isolates() == process.NotIsolated {
		return nil // they see everything
	}
	path := environ.Lookup(s.environment, "PATH")
	for _, name := range []string{"docker", "kubectl", "helm", "psql", "kcat", "curl", "jq"} {
		program := find(path, name)
		if program == "" {
			continue
		}
		if err := os.Symlink(program, filepath.Join(folder, name)); err != nil {
			return err
		}
		s.isolation.Reads = append(s.isolation.Reads, program)
	}
	s.environment = append(s.environment, "PATH="+path+string(filepath.ListSeparator)+folder)
	return nil
}

// find is a program on a PATH, without links; empty where there is none.
func find(path, name string) string {
	for _, dir := range filepath.SplitList(path) {
		if program, err := exec.LookPath(filepath.Join(dir, name)); err == nil {
			if program, err = filepath.EvalSymlinks(program); err == nil {
				return program
			}
		}
	}
	return ""
}
