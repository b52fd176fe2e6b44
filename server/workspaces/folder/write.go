package folder

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path"
	"runtime"
)

// ETag is the tag of a text: the same text always has the same tag.
func ETag(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:12])
}

// Replace makes a file of the workspace hold the text. One that is there keeps
// its mode.
func Replace(root *os.Root, name string, text []byte) error {
	mode, err := prepare(root, name)
	if err != nil {
		return err
	}
	return Write(root, name, text, mode)
}

// prepare makes the file's folder, and returns the mode that the file is to have.
func prepare(root *os.Root, name string) (fs.FileMode, error) {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return 0, err
	}
	if info, err := root.Lstat(name); err == nil && info.Mode().IsRegular() {
		return info.Mode().Perm(), nil
	}
	return 0o644, nil
}

// Write writes a file below root so that a reader, a crash or a full disk
// meets either the old text or the new one, never a part. google/renameio does
// not do for this: it has no Windows, does not sync the folder, and what it
// leaves after a crash would pass for a file of the learner's.
func Write(root *os.Root, name string, text []byte, mode fs.FileMode) error {
	beside := path.Join(path.Dir(name), Temporary+rand.Text())
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

// ErrChanged says that a file holds something else than its writer has seen.
var ErrChanged = errors.New("the file was changed by somebody else")

// ReplaceIfMatch is Replace where the file's text has the tag, which is empty where
// there must be no file; else the error is ErrChanged, and the file keeps what
// somebody else wrote. Syncing takes long enough for that, so the tag is compared
// once more when it is done, with what the new text has changed places with.
func ReplaceIfMatch(root *os.Root, name string, text []byte, tag string) error {
	mode, err := prepare(root, name)
	if err != nil {
		return err
	}
	beside := path.Join(path.Dir(name), Temporary+rand.Text())
	defer root.Remove(beside) // this text, or what it has replaced
	if err := writeSynced(root, beside, text, mode); err != nil {
		return err
	}
	if tag == "" {
		return errors.Join(becomeNew(root, beside, name), syncFolder(root, path.Dir(name)))
	}
	return exchangeIfMatch(root, beside, name, tag)
}

// exchangeIfMatch gives the text beside the name of the one with the tag.
func exchangeIfMatch(root *os.Root, beside, name, tag string) error {
	if !holds(root, name, tag) {
		return ErrChanged
	}
	if exchange(root, beside, name) != nil { // this system cannot
		return errors.Join(root.Rename(beside, name), syncFolder(root, path.Dir(name)))
	}
	err := syncFolder(root, path.Dir(name)) // who had opened the file to write into it has done so by then
	if !holds(root, beside, tag) {
		return errors.Join(ErrChanged, root.Rename(beside, name), syncFolder(root, path.Dir(name)))
	}
	return err
}

// becomeNew gives the file its name, if nobody has taken that.
func becomeNew(root *os.Root, beside, name string) error {
	err := root.Link(beside, name)
	if errors.Is(err, fs.ErrExist) {
		return ErrChanged
	}
	if err != nil { // no links here
		err = root.Rename(beside, name)
	}
	return err
}

func holds(root *os.Root, name, tag string) bool {
	text, err := root.ReadFile(name)
	return err == nil && ETag(string(text)) == tag
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

// Set makes a file hold the text, or removes it and the folders it leaves
// empty.
func Set(root *os.Root, name string, text []byte) error {
	if text != nil {
		return Replace(root, name, text)
	}
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if root.Remove(dir) != nil {
			break // not empty
		}
	}
	return nil
}
