package process

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// killLimit bounds the effort to end a tree that forks faster than we look.
const killLimit = 10 * time.Second

func attributes(owner *Owner) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if owner != nil {
		a.Credential = &syscall.Credential{Uid: uint32(owner.UID), Gid: uint32(owner.GID)}
	}
	return a
}

func limit(pid int, memory uint64) {
	if memory > 0 {
		unix.Prlimit(pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: memory, Max: memory}, nil)
		unix.Prlimit(pid, unix.RLIMIT_CORE, &unix.Rlimit{}, nil)
	}
}

func (p *Process) signalEnd() syscall.Signal {
	if p.spec.End != 0 {
		return p.spec.End
	}
	return syscall.SIGTERM
}

// ask asks for an end in good order; a paused process is let go on to do so.
func (p *Process) ask() {
	p.cmd.Process.Signal(p.signalEnd())
	p.Resume()
}

// Pause freezes the process and all it has forked.
func (p *Process) Pause() { p.freeze() }

// Resume lets them go on.
func (p *Process) Resume() {
	for _, e := range p.members() {
		syscall.Kill(e.pid, syscall.SIGCONT)
	}
}

// freeze stops all members, until no new one is found.
func (p *Process) freeze() {
	stopped := map[int]bool{}
	for end := time.Now().Add(killLimit); time.Now().Before(end); {
		fresh := false
		for _, e := range p.members() {
			if !stopped[e.pid] {
				syscall.Kill(e.pid, syscall.SIGSTOP)
				stopped[e.pid], fresh = true, true
			}
		}
		if !fresh {
			return
		}
	}
}

// killTree freezes before it kills: what is frozen forks no more, and stays
// the parent of its children until they are found.
func (p *Process) killTree() {
	end := time.Now().Add(killLimit)
	p.cmd.Process.Signal(syscall.SIGSTOP)
	members := p.members()
	if len(members) > 1 {
		p.freeze()
		members = p.members()
	}
	for len(members) > 0 && time.Now().Before(end) {
		for _, e := range members {
			syscall.Kill(e.pid, syscall.SIGKILL)
		}
		time.Sleep(time.Millisecond)
		members = p.members()
	}
}

// members returns the process and its descendants that are alive.
func (p *Process) members() []entry {
	return family(p.id, func(pid int) bool {
		return marked(pid, p.mark, true) || p.spec.Home != "" && within(pid, p.spec.Home)
	})
}

func (p *Process) usage() (count int, memory uint64) {
	for _, e := range p.members() {
		count++
		memory += e.memory
	}
	return count, memory
}

// entry is one line of the system's table of processes.
type entry struct {
	pid, parent, group, session int
	start, memory               uint64
	zombie                      bool
}

// family picks root's descendants from the table: by parent, by group and
// session, and by what they inherited, their environment or the folder they
// work in, which is all that is left of a process that has made itself a
// daemon.
func family(root Identity, inherited func(pid int) bool) []entry {
	all := table()
	if e, ok := all[root.PID]; ok && e.identity() != root {
		root.PID = -1 // the number is another process's by now
	}
	in := map[int]bool{root.PID: true}
	for pid, e := range all {
		switch {
		case e.start < root.ticks() || pid == os.Getpid():
			delete(all, pid) // older than the root: no descendant
		case e.group == root.PID || e.session == root.PID || inherited(pid):
			in[pid] = true
		}
	}
	for grown := true; grown; {
		grown = false
		for pid, e := range all {
			if !in[pid] && in[e.parent] {
				in[pid], grown = true, true
			}
		}
	}
	var found []entry
	for pid, e := range all {
		if in[pid] && !e.zombie {
			found = append(found, e)
		}
	}
	return found
}

// within reports whether the process works in the folder or below it.
func within(pid int, folder string) bool {
	dir, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	return err == nil && strings.HasPrefix(strings.TrimSuffix(dir, " (deleted)")+"/", folder+"/")
}

// marked reports whether a process's environment holds the mark, as a whole
// or as the beginning of a value.
func marked(pid int, mark string, whole bool) bool {
	env, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "environ"))
	at := bytes.Index(append([]byte{0}, env...), []byte("\x00"+mark))
	return at >= 0 && (!whole || at+len(mark) >= len(env) || env[at+len(mark)] == 0)
}

func table() map[int]entry {
	all := map[int]entry{}
	names, _ := os.ReadDir("/proc")
	for _, n := range names {
		if pid, err := strconv.Atoi(n.Name()); err == nil {
			if e, ok := look(pid); ok {
				all[pid] = e
			}
		}
	}
	return all
}

// look reads /proc/PID/stat; the fields are described in proc(5). A name may
// hold spaces and brackets, so fields are counted from the last bracket.
func look(pid int) (entry, bool) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return entry{}, false
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 22 {
		return entry{}, false
	}
	number := func(i int) int { n, _ := strconv.Atoi(fields[i]); return n }
	return entry{
		pid: pid, zombie: fields[0] == "Z" || fields[0] == "X",
		parent: number(1), group: number(2), session: number(3),
		start: uint64(number(19)), memory: uint64(number(21)) * uint64(os.Getpagesize()),
	}, true
}
