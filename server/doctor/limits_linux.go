package doctor

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// freeMemory is what Linux can give without swapping, or what is left of the
// control group's share where that is less.
func freeMemory() (uint64, error) {
	free, err := available()
	if err != nil {
		return 0, err
	}
	most, err1 := number("/sys/fs/cgroup/memory.max")
	used, err2 := number("/sys/fs/cgroup/memory.current")
	if err1 == nil && err2 == nil && most > used {
		free = min(free, most-used)
	}
	return free, nil
}

func available() (uint64, error) {
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var kib uint64
		if n, _ := fmt.Sscanf(lines.Text(), "MemAvailable: %d kB", &kib); n == 1 {
			return kib << 10, nil
		}
	}
	return 0, errors.New("read /proc/meminfo: no MemAvailable")
}

func freeDisk(dir string) (uint64, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(dir, &stat); err != nil {
		return 0, fmt.Errorf("statfs %s: %w", dir, err)
	}
	return stat.Bavail * uint64(stat.Bsize), nil
}

// What watching a few workspaces takes; the kernel's smallest defaults are
// eaten up by one editor.
const (
	enoughWatches   = 8192
	enoughInstances = 64
)

func inotify(context.Context, Config) Finding {
	const dir = "/proc/sys/fs/inotify"
	f := Finding{Name: "file watches"}
	watches, err1 := number(filepath.Join(dir, "max_user_watches"))
	instances, err2 := number(filepath.Join(dir, "max_user_instances"))
	switch {
	case err1 != nil || err2 != nil:
		f.State, f.Say = Note, "their limits are not known here"
	case watches < enoughWatches || instances < enoughInstances:
		f.State = Lacking
		f.Say = fmt.Sprintf("%d watches, %d instances: changes made in another editor may go unnoticed", watches, instances)
		f.Fix = fmt.Sprintf("sudo sysctl fs.inotify.max_user_watches=%d fs.inotify.max_user_instances=%d", max(watches, 65536), max(instances, 128))
	default:
		f.State, f.Say = Good, fmt.Sprintf("%d watches, %d instances", watches, instances)
	}
	return f
}

// Each node of a cluster is a whole system with watches of its own; these
// carry a few nodes.
const (
	nodesWatches   = 65536
	nodesInstances = 128
)

func watchesOfNodes() Finding {
	const dir = "/proc/sys/fs/inotify"
	f := Finding{Name: "watches of nodes", State: Note}
	watches, err1 := number(filepath.Join(dir, "max_user_watches"))
	instances, err2 := number(filepath.Join(dir, "max_user_instances"))
	switch {
	case err1 != nil || err2 != nil:
		f.Say = "their limits are not known here"
	case watches < nodesWatches || instances < nodesInstances:
		f.State, f.Say = Lacking, fmt.Sprintf("%d watches, %d instances: nodes run out of them, and their programs fail to start", watches, instances)
		f.Fix = fmt.Sprintf("sudo sysctl fs.inotify.max_user_watches=%d fs.inotify.max_user_instances=%d", max(watches, 524288), max(instances, 512))
	default:
		f.State, f.Say = Good, fmt.Sprintf("%d watches, %d instances", watches, instances)
	}
	return f
}

func number(path string) (uint64, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64)
}
