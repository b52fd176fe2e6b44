// Package fscopy copies folders as they are: a cluster's data, a broker's, the
// files of a package. It knows nothing of what is in them.
package fscopy

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"cnalab/labs/process"
)

// Copy copies a folder with its links and modes, for the account where one
// is given. Files are copied by a few goroutines: a cluster has a thousand
// small ones.
func Copy(from, to string, account *process.Account) error {
	c := copier{from: from, to: to, account: account, files: make(chan string)}
	for range min(4, runtime.NumCPU()+1) {
		c.workers.Go(c.work)
	}
	err := filepath.WalkDir(from, c.visit)
	close(c.files)
	c.workers.Wait()
	if err == nil {
		err = c.err
	}
	return err
}

// Replace makes a folder a copy of another.
func Replace(from, to string, account *process.Account) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return Copy(from, to, account)
}

type copier struct {
	from, to string
	account  *process.Account
	files    chan string // below from
	workers  sync.WaitGroup

	mu  sync.Mutex
	err error
}

func (c *copier) visit(path string, d fs.DirEntry, err error) error {
	if err != nil {
		return err
	}
	inside, err := filepath.Rel(c.from, path)
	if err != nil {
		return err
	}
	target := filepath.Join(c.to, inside)
	switch {
	case d.IsDir():
		info, err := d.Info()
		if err != nil {
			return err
		}
		if err := os.MkdirAll(target, info.Mode().Perm()); err != nil {
			return err
		}
		return c.own(target)
	case d.Type()&fs.ModeSymlink != 0:
		link, err := os.Readlink(path)
		if err != nil {
			return err
		}
		return os.Symlink(link, target)
	case d.Type().IsRegular():
		c.files <- inside
	}
	return nil
}

func (c *copier) work() {
	for inside := range c.files {
		if err := c.file(inside); err != nil {
			c.mu.Lock()
			c.err = err
			c.mu.Unlock()
		}
	}
}

func (c *copier) file(inside string) error {
	from, err := os.Open(filepath.Join(c.from, inside))
	if err != nil {
		return err
	}
	defer from.Close()
	info, err := from.Stat()
	if err != nil {
		return err
	}
	target := filepath.Join(c.to, inside)
	to, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from) // the system copies, where it can without reading
	if closed := to.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return c.own(target)
}

func (c *copier) own(path string) error {
	if c.account == nil {
		return nil
	}
	return os.Lchown(path, c.account.UID, c.account.GID)
}
