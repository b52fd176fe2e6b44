package process

import (
	"os"
	"os/exec"
	"testing"

	"cnalab/labs/labtest/accounts"
)

// However an isolated program writes, there is no room for more than it may have,
// and who started it sees that there is none.
func TestWhatAnIsolatedProgramWritesIsBounded(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		needsIsolation(t)
		defer func(before uint64) { diskBytes = before }(diskBytes)
		diskBytes = 16 << 20
		for name, script := range map[string]string{
			"one file":         "head -c 20m /dev/zero > /tmp/much",
			"many folders":     "for in in /tmp /var/tmp /dev/shm $HOME; do head -c 6m /dev/zero > $in/much || exit 1; done",
			"a deleted file":   "exec 5> /tmp/much && rm /tmp/much && head -c 20m /dev/zero >&5",
			"files of nothing": "mkdir /tmp/many && cd /tmp/many && seq 5000 | xargs touch",
		} {
			t.Run(name, func(t *testing.T) {
				i := &Isolation{Hides: []string{t.TempDir()}, As: NewDynamicUser()}
				defer i.As.Close()
				writes(t, i, "/", diskBytes, "if "+script+"; then exit 1; fi; ")
			})
		}
		i := &Isolation{As: NewDynamicUser()}
		defer i.As.Close()
		if written := writes(t, i, "/", 10<<20, "head -c 10m /dev/zero > $HOME/some; "); written > 11<<20 {
			t.Errorf("of 10 MiB it has written %d bytes", written)
		}
	})
}

// What a program writes to other disks is counted, too: what is not isolated, and
// what may write to a folder.
func TestWhatIsWrittenToDisksIsCounted(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		dir := t.TempDir()
		if os.Geteuid() == 0 {
			dir = accounts.Folder(t) // root's temporary folder may be no disk
		}
		const script = "head -c 20m /dev/zero > much; "
		t.Setenv(EnvLevel, string(NotIsolated))
		writes(t, &Isolation{As: NewDynamicUser()}, dir, 20<<20, script)
		t.Setenv(EnvLevel, "")
		needsIsolation(t)
		i := &Isolation{Writes: []string{dir}, As: NewDynamicUser()}
		defer i.As.Close()
		if err := i.Chown(); err != nil {
			t.Fatal(err)
		}
		writes(t, i, dir, 20<<20, "sh -c '"+script+"'; ") // a child that has ended
	})
}

// writes waits until a program that goes on is seen to have written so much.
func writes(t *testing.T, i *Isolation, dir string, much uint64, script string) (written uint64) {
	t.Helper()
	cmd := exec.Command("sh", "-c", script+"exec sleep 60")
	cmd.Dir = dir
	tree := &Tree{EnvTag: EnvTag("PROCESS_TEST"), Isolation: i}
	if err := tree.Start(cmd); err != nil {
		t.Fatal(err)
	}
	defer func() {
		tree.Kill()
		_ = cmd.Wait()
		if tree.Written() != written {
			t.Error("after its end it is not known any more")
		}
	}()
	quickly(t, script, func() bool { written = tree.Written(); return written >= much })
	return written
}
