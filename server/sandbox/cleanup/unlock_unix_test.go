//go:build unix

package cleanup

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"cnalab/labs/labtest/accounts"
)

// What a program has closed is removed with its record all the same.
func TestAClosedFolderIsRemoved(t *testing.T) {
	accounts.Each(t, func(t *testing.T) {
		record, err := NewRecord(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		folder, outside := filepath.Join(t.TempDir(), "a"), t.TempDir()
		inner := filepath.Join(folder, "b", "c")
		err = errors.Join(record.Folder(folder, 0o700), os.MkdirAll(inner, 0o755), os.WriteFile(filepath.Join(inner, "d"), nil, 0), os.Chmod(outside, 0o500),
			os.Symlink(outside, filepath.Join(folder, "link")), os.Chmod(inner, 0), os.Chmod(filepath.Dir(inner), 0))
		if err != nil {
			t.Fatal(err)
		}
		if err := record.End(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(folder); err == nil {
			t.Error("it is still there")
		}
		if info, err := os.Stat(outside); err != nil || info.Mode().Perm() != 0o500 {
			t.Errorf("a link was followed: %v, %v", info, err)
		}
	})
}
