package workspaces

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"runtime"
	"syscall"

	"cnalab/labs"
)

// ETag is the tag of a text: the same text always has the same tag.
func ETag(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}

// replace makes a file of the workspace hold the text. One that is there keeps
// its mode.
func replace(root *os.Root, name string, text []byte) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info, err := root.Lstat(name); err == nil && info.Mode().IsRegular() {
		mode = info.Mode().Perm()
	}
	return WriteFile(root, name, text, mode)
}

// WriteFile writes a file below root so that a reader, a crash or a full disk
// meets either the old text or the new one, never a part. google/renameio does
// not do for this: it has no Windows, does not sync the folder, and what it
// leaves after a crash would pass for a file of the learner's.
func WriteFile(root *os.Root, name string, text []byte, mode fs.FileMode) error {
	beside := path.Join(path.Dir(name), temporary+rand.Text())
	if err := writeSynced(root, beside, text, mode); err != nil {
		_ = root.Remove(beside)
		return err
	}
	if err := root.Rename(beside, name); err != nil {
		_ = root.Remove(beside)
		return err
	}
	return syncFolder(root, path.Dir(name))
}

func writeSynced(root *os.Root, name string, text []byte, mode fs.FileMode) error {
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}

// syncFolder makes a rename last. Windows cannot sync a folder, and does not
// need to.
func syncFolder(root *os.Root, name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// trouble turns an error of the file system into a problem. doing is what
// did not happen: "order/main.go was not saved".
func trouble(doing, folder string, err error) error {
	p := &labs.Problem{Kind: labs.Machine, Err: err}
	switch {
	case errors.As(err, new(*labs.Problem)), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		p.Say = fmt.Sprintf("The disk is full, so %s.", doing)
		p.Next = fmt.Sprintf("Free some space where %s is, then do it again; what was there is as it was.", folder)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		p.Say = fmt.Sprintf("You may not write to %s, so %s.", folder, doing)
		p.Next = "Give yourself access to that folder, or choose another with --data DIR."
	default:
		p.Say = fmt.Sprintf("The file system refused, so %s.", doing)
		p.Next = fmt.Sprintf("Look at %s; what was there is as it was.", folder)
	}
	return p
}
