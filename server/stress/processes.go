package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// process is one of a server's: itself, what runs from its folders, and what
// those have started.
type process struct {
	pid, parent int
	name        string // as its command line begins
	own         bool   // the server itself
}

// processes are all of the server's that run now, by proc(5).
func (s *server) processes() []process {
	all := map[int]process{}
	ours := map[int]bool{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		p, ok := look(pid)
		if !ok {
			continue
		}
		p.own = s.now != nil && pid == s.now.Process.Pid
		all[pid] = p
		ours[pid] = p.own || s.runs(pid)
	}
	for grew := true; grew; { // and their children
		grew = false
		for pid, p := range all {
			if !ours[pid] && ours[p.parent] {
				ours[pid], grew = true, true
			}
		}
	}
	var found []process
	for pid, is := range ours {
		if is {
			found = append(found, all[pid])
		}
	}
	return found
}

// look reads what a process is; zombies are none.
func look(pid int) (process, bool) {
	stat, err := os.ReadFile(procFile(pid, "stat"))
	if err != nil {
		return process{}, false
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 2 || string(fields[0]) == "Z" {
		return process{}, false
	}
	parent, _ := strconv.Atoi(string(fields[1]))
	line, _ := os.ReadFile(procFile(pid, "cmdline"))
	name := strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " "))
	return process{pid: pid, parent: parent, name: name[:min(len(name), 120)]}, true
}

// runs reports whether the process runs from the server's folders, or in them.
func (s *server) runs(pid int) bool {
	for _, link := range []string{"exe", "cwd"} {
		if path, err := os.Readlink(procFile(pid, link)); err == nil && strings.HasPrefix(path, s.root+"/") {
			return true
		}
	}
	for _, file := range []string{"cmdline", "environ"} {
		if text, err := os.ReadFile(procFile(pid, file)); err == nil && bytes.Contains(text, []byte(s.root+"/")) {
			return true
		}
	}
	return false
}

func procFile(pid int, name string) string {
	return filepath.Join("/proc", strconv.Itoa(pid), name)
}

// temporary are the files that are left in the folder for temporary ones.
func (s *server) temporary() (left []string) {
	entries, _ := os.ReadDir(filepath.Join(s.root, "tmp"))
	for _, e := range entries {
		left = append(left, e.Name())
	}
	return left
}
