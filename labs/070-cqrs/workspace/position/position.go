// Package position remembers up to where a projection has read the log. It does so in
// the projection's own database, in the transaction that changes the projection: both
// are stored, or neither.
package position

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"shop/event"
)

// Schema creates the table with the next offset of each partition.
const Schema = `
CREATE TABLE IF NOT EXISTS positions (
    partition integer PRIMARY KEY,
    next      bigint NOT NULL
);`

// ErrMoved means that the position is not before these events any more: another process
// has handled them, or somebody has set it back.
var ErrMoved = errors.New("the position was moved")

// Next is the offset at which to go on. A partition without a position begins at 0.
func Next(ctx context.Context, db *pgxpool.Pool, partition int) (int64, error) {
	var next int64
	err := db.QueryRow(ctx, "SELECT next FROM positions WHERE partition = $1", partition).Scan(&next)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("read position: %w", err)
	}
	return next, nil
}

// Advance moves the position over the events, as part of the transaction.
func Advance(ctx context.Context, tx pgx.Tx, events []event.Event) error {
	first, last := events[0], events[len(events)-1]
	// A partition's row is there before its first event is, so that it can be held.
	_, err := tx.Exec(ctx, "INSERT INTO positions VALUES ($1, 0) ON CONFLICT DO NOTHING", first.Partition)
	if err != nil {
		return fmt.Errorf("begin position: %w", err)
	}
	moved, err := tx.Exec(ctx, "UPDATE positions SET next = $3 WHERE partition = $1 AND next = $2",
		first.Partition, first.Offset, last.Offset+1)
	if err != nil {
		return fmt.Errorf("move position: %w", err)
	}
	if moved.RowsAffected() == 0 {
		return ErrMoved
	}
	return nil
}
