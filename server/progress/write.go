package progress

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"

	sqlite3 "modernc.org/sqlite/lib"

	"cnalab/labs"
)

// write does f in one transaction: all of it is kept, or nothing.
func (s *Store) write(ctx context.Context, f func(*sql.Tx) error) error {
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return s.trouble("your progress was not written", err)
	}
	if err := f(tx); err != nil {
		return s.trouble("your progress was not written", errors.Join(err, tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return s.trouble("your progress was not written", err)
	}
	return nil
}

// trouble turns an error of SQLite or of the file system into a problem.
func (s *Store) trouble(doing string, err error) error {
	if errors.As(err, new(*labs.Problem)) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	folder := filepath.Dir(s.path)
	p := &labs.Problem{Kind: labs.Machine, Err: err}
	code, _ := resultCode(err)
	switch {
	case code == sqlite3.SQLITE_FULL, errors.Is(err, syscall.ENOSPC):
		p.Say = fmt.Sprintf("The disk is full, so %s.", doing)
		p.Next = fmt.Sprintf("Free some space where %s is; your files are as they were.", folder)
	case code == sqlite3.SQLITE_BUSY, code == sqlite3.SQLITE_LOCKED:
		p.Say = fmt.Sprintf("Another program holds it, so %s.", doing)
		p.Next = fmt.Sprintf("Close the program that has %s open, then do it again.", s.path)
	case code == sqlite3.SQLITE_CORRUPT, code == sqlite3.SQLITE_NOTADB:
		p.Say = fmt.Sprintf("Its file is damaged, so %s.", doing)
		p.Next = "Start the program again: it keeps the damaged file and begins a new one."
	case code == sqlite3.SQLITE_READONLY, code == sqlite3.SQLITE_CANTOPEN, code == sqlite3.SQLITE_PERM,
		errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), errors.Is(err, syscall.ENOTDIR):
		p.Say = fmt.Sprintf("%s may not be used, so %s.", folder, doing)
		p.Next = "Give yourself access to that folder, or choose another with --data DIR."
	default:
		p.Say = fmt.Sprintf("Something went wrong, so %s.", doing)
		p.Next = fmt.Sprintf("Look at %s; your files are as they were.", s.path)
	}
	return p
}
