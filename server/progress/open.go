package progress

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"cnalab/labs"
)

// version is the form of the tables that this program writes.
const version = 1

const tables = `CREATE TABLE IF NOT EXISTS step (
	lab         TEXT    NOT NULL,
	step        INTEGER NOT NULL,
	passed_at   TEXT,
	hints       INTEGER NOT NULL DEFAULT 0,
	solution_at TEXT,
	report      TEXT,
	reported_at TEXT,
	PRIMARY KEY (lab, step)
) WITHOUT ROWID`

// open returns the database, opened and known to be whole.
func (s *Store) open(ctx context.Context) (*sql.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db != nil {
		return s.db, nil
	}
	db, err := s.connect(ctx)
	if damaged(err) {
		if err = s.putAside(err); err == nil {
			db, err = s.connect(ctx)
		}
	}
	if err != nil {
		return nil, s.trouble("your progress was not opened", err)
	}
	s.db = db
	return db, nil
}

func (s *Store) connect(ctx context.Context) (*sql.DB, error) {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o755); err != nil {
		return nil, err
	}
	if err := readable(s.path); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", address(s.path))
	if err != nil {
		return nil, err
	}
	if err := prepare(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// readable tells a file that may not be opened from one that is damaged,
// which SQLite does not.
func readable(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// address asks for a write-ahead log, so that the server and the command
// line read while the other writes, and for a wait where both write.
func address(path string) string {
	query := url.Values{
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(NORMAL)"},
		"_txlock": {"immediate"},
	}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") && filepath.IsAbs(path) {
		path = "/" + path // C:/… on Windows
	}
	file := url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: query.Encode()}
	return file.String()
}

// prepare looks whether the file is whole and makes the tables.
func prepare(ctx context.Context, db *sql.DB) error {
	var whole string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&whole); err != nil {
		return err
	}
	if whole != "ok" {
		return fmt.Errorf("%w: %s", errDamaged, whole)
	}
	var found int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&found); err != nil {
		return err
	}
	if found > version {
		return &labs.Problem{
			Kind: labs.Machine,
			Say:  "Your progress was written by a newer version of this program.",
			Next: "Use that version, or choose another folder with --data DIR.",
		}
	}
	_, err := db.ExecContext(ctx, fmt.Sprintf("BEGIN IMMEDIATE; %s; PRAGMA user_version = %d; COMMIT", tables, version))
	return err
}

// errDamaged is a file that SQLite opens but that is not whole.
var errDamaged = errors.New("the database is damaged")

func damaged(err error) bool {
	if errors.Is(err, errDamaged) {
		return true
	}
	code, ok := resultCode(err)
	return ok && (code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB)
}

// resultCode is SQLite's own word for the error, without its extension.
func resultCode(err error) (int, bool) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0, false
	}
	return e.Code() & 0xff, true
}

// putAside keeps a damaged file under another name, so that a new one can
// begin and nothing is thrown away.
func (s *Store) putAside(cause error) error {
	aside := s.path + ".damaged-" + time.Now().Format("2006-01-02T15-04-05")
	for _, suffix := range []string{"-wal", "-shm", ""} {
		err := os.Rename(s.path+suffix, aside+suffix)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errors.Join(err, cause)
		}
	}
	s.notices = append(s.notices, fmt.Sprintf(
		"The file with your progress was damaged and a new one was begun; the old one is kept as %s. Verify a lab, and what passes counts again.", aside))
	return nil
}

// Notices returns what happened to the file since it was last called:
// sentences that the learner should read once.
func (s *Store) Notices() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	told := s.notices
	s.notices = nil
	return told
}

// Close closes the file.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		return nil
	}
	db := s.db
	s.db = nil
	if err := db.Close(); err != nil {
		return fmt.Errorf("close progress: %w", err)
	}
	return nil
}
