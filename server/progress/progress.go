// Package progress remembers what a learner has done: which steps have
// passed and when, what the last check of each step said, and how many hints
// and solutions were shown. It is one SQLite file that the server and the
// command line share. It knows nothing of how a step is checked or shown.
package progress

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"cnalab/labs"
)

// Store is the file of one learner's progress. Its methods may be called
// from many goroutines. The file is opened by the first of them.
type Store struct {
	path string

	mu      sync.Mutex
	db      *sql.DB
	notices []string
}

// New returns the store kept at path. It does no I/O.
func New(path string) *Store { return &Store{path: path} }

// Record takes a report in: what passed stays passed, and the last report of
// each step takes the place of the one before.
func (s *Store) Record(ctx context.Context, report labs.Report) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		now := stamp(time.Now())
		for _, step := range report.Steps {
			text, err := json.Marshal(step)
			if err != nil {
				return fmt.Errorf("encode step report: %w", err)
			}
			var passed any
			if step.Verdict == labs.Passed {
				passed = now
			}
			if _, err := tx.ExecContext(ctx, recordStep, report.Lab, step.Step, passed, text, now); err != nil {
				return err
			}
		}
		return nil
	})
}

const recordStep = `INSERT INTO step (lab, step, passed_at, report, reported_at) VALUES (?1, ?2, ?3, ?4, ?5)
	ON CONFLICT (lab, step) DO UPDATE SET passed_at = coalesce(passed_at, ?3), report = ?4, reported_at = ?5`

// ShowHint counts one more hint of the step as shown, up to most, and
// returns how many are.
func (s *Store) ShowHint(ctx context.Context, lab string, step, most int) (shown int, err error) {
	err = s.write(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `INSERT INTO step (lab, step, hints) VALUES (?1, ?2, min(1, ?3))
			ON CONFLICT (lab, step) DO UPDATE SET hints = min(hints + 1, ?3) RETURNING hints`, lab, step, most).Scan(&shown)
	})
	return shown, err
}

// ShowSolution remembers that the learner asked for the step's solution.
func (s *Store) ShowSolution(ctx context.Context, lab string, step int) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO step (lab, step, solution_at) VALUES (?1, ?2, ?3)
			ON CONFLICT (lab, step) DO UPDATE SET solution_at = coalesce(solution_at, ?3)`, lab, step, stamp(time.Now()))
		return err
	})
}

// Lab returns what is known of the lab's steps, by number.
func (s *Store) Lab(ctx context.Context, lab string) (map[int]labs.Standing, error) {
	all, err := s.read(ctx, "WHERE lab = ?", lab)
	if err != nil || all[lab] == nil {
		return map[int]labs.Standing{}, err
	}
	return all[lab], nil
}

// All returns what is known of every lab's steps, by lab id and number.
func (s *Store) All(ctx context.Context) (map[string]map[int]labs.Standing, error) {
	return s.read(ctx, "")
}

func (s *Store) read(ctx context.Context, where string, args ...any) (map[string]map[int]labs.Standing, error) {
	db, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, `SELECT lab, step, passed_at, hints, solution_at IS NOT NULL,
		report, reported_at FROM step `+where, args...)
	if err != nil {
		return nil, s.trouble("your progress was not read", err)
	}
	defer rows.Close()
	all := map[string]map[int]labs.Standing{}
	for rows.Next() {
		lab, number, step, err := scan(rows)
		if err != nil {
			return nil, s.trouble("your progress was not read", err)
		}
		if all[lab] == nil {
			all[lab] = map[int]labs.Standing{}
		}
		all[lab][number] = step
	}
	if err := rows.Err(); err != nil {
		return nil, s.trouble("your progress was not read", err)
	}
	return all, nil
}

func scan(rows *sql.Rows) (lab string, number int, step labs.Standing, err error) {
	var passed, at sql.NullString
	var text []byte
	if err = rows.Scan(&lab, &number, &passed, &step.Hints, &step.Solution, &text, &at); err != nil {
		return "", 0, labs.Standing{}, err
	}
	step.Passed, step.LastAt = moment(passed), moment(at)
	if report := new(labs.StepReport); json.Unmarshal(text, report) == nil {
		step.Last = report // one that no longer reads is as good as none
	}
	return lab, number, step, nil
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func moment(text sql.NullString) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, text.String) // zero where there is none
	return t
}
