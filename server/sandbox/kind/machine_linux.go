package kind

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// freeMemory is what Linux can give without swapping. Where it does not say,
// all that the engine's machine has.
func freeMemory(all int64) int64 {
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return all
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var kib int64
		if n, _ := fmt.Sscanf(lines.Text(), "MemAvailable: %d kB", &kib); n == 1 {
			return min(all, kib<<10)
		}
	}
	return all
}

// plenty is a limit that nobody reaches, so that nobody has to count.
const plenty = 512

// watches is how many inotify instances the user may have that nodes run as,
// and has, as far as this program may see.
func watches() (most, used int, known bool) {
	text, err := os.ReadFile("/proc/sys/fs/inotify/max_user_instances")
	if err != nil {
		return 0, 0, false
	}
	most, err = strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || most >= plenty {
		return 0, 0, false
	}
	files, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, file := range files {
		if target, err := os.Readlink(file); err == nil && target == "anon_inode:inotify" {
			used++
		}
	}
	return most, used, true
}
