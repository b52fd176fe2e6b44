package process

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// entry is one line of the system's table of processes.
type entry struct {
	key
	parent, group, session int
	memory                 uint64 // bytes, resident
	zombie                 bool
}

// key tells processes of one table apart for good: a PID is used again, a PID
// with its start time is not.
type key struct {
	pid   int
	start uint64 // clock ticks since boot
}

// table reads the whole table, by PID.
func table() map[int]entry {
	all := map[int]entry{}
	dir, err := os.Open("/proc")
	if err != nil {
		return all
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	for _, name := range names {
		if pid, err := strconv.Atoi(name); err == nil {
			if e, ok := readStat(pid); ok {
				all[pid] = e
			}
		}
	}
	return all
}

// readStat reads /proc/PID/stat; the fields are described in proc(5). A name may
// hold spaces and brackets, so fields are counted from the last bracket.
func readStat(pid int) (entry, bool) {
	text, err := os.ReadFile(file(pid, "stat"))
	if err != nil {
		return entry{}, false
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 22 {
		return entry{}, false
	}
	number := func(i int) int { n, _ := strconv.Atoi(fields[i]); return n }
	return entry{
		key:    key{pid, uint64(number(19))},
		zombie: fields[0] == "Z" || fields[0] == "X",
		parent: number(1), group: number(2), session: number(3),
		memory: uint64(number(21)) * uint64(os.Getpagesize()),
	}, true
}

// tasksOf counts the tasks of a user.
func tasksOf(uid int) (count int) {
	for pid := range table() {
		var task syscall.Stat_t // a folder with one in it for each task, and two links of its own
		if syscall.Stat(file(pid, "task"), &task) == nil && int(task.Uid) == uid {
			count += int(task.Nlink) - 2
		}
	}
	return count
}

// halted reports whether no thread of the processes runs any more. A signal
// that stops is taken by one thread, on a busy machine some milliseconds after
// it was sent, and until then the others go on.
func halted(all []entry) bool {
	for _, e := range all {
		threads, _ := filepath.Glob(file(e.pid, "task/*/stat"))
		if now, ok := readStat(e.pid); !ok || now.key != e.key || now.zombie {
			continue
		}
		if slices.ContainsFunc(threads, running) {
			return false
		}
	}
	return true
}

// running reports whether a thread is neither stopped, nor gone, nor waiting
// for a child that is stopped (state D, between vfork and exec).
func running(stat string) bool {
	text, err := os.ReadFile(stat)
	_, state, found := bytes.Cut(text[bytes.LastIndexByte(text, ')')+1:], []byte(" "))
	return err == nil && found && len(state) > 0 && !bytes.ContainsAny(state[:1], "TtZXD")
}

// environment is what the process was started with.
func environment(pid int) []string {
	text, _ := os.ReadFile(file(pid, "environ"))
	return strings.Split(string(text), "\x00")
}

// hasTag reports whether the process was started with a variable that begins
// with the env tag.
func hasTag(pid int, tag string) bool {
	return tag != "" && slices.ContainsFunc(environment(pid), func(variable string) bool { return strings.HasPrefix(variable, tag) })
}

// within reports whether the process works in one of the folders or below it.
func within(pid int, folders []string) bool {
	if len(folders) == 0 {
		return false
	}
	dir, err := os.Readlink(file(pid, "cwd"))
	dir = strings.TrimSuffix(dir, " (deleted)") + "/"
	return err == nil && slices.ContainsFunc(folders, func(f string) bool { return f != "" && strings.HasPrefix(dir, f+"/") })
}

// file is the name of one of the files that the system has of a process.
func file(pid int, name string) string { return filepath.Join("/proc", strconv.Itoa(pid), name) }
