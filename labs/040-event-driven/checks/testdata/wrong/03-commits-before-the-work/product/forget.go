package main

import (
	"context"
	"log/slog"
	"time"
)

// remembered is how long product knows which events it has handled: twice as
// long as Kafka keeps them (retention.ms, by default 7 days).
const remembered = 14 * 24 * time.Hour

// forget deletes older ids once an hour, so that the table does not grow for
// ever.
func (s *shop) forget(ctx context.Context) {
	for ctx.Err() == nil {
		_, err := s.db.Exec(ctx, "DELETE FROM handled WHERE at < now() - $1::interval", remembered)
		if err != nil {
			slog.Error("forget", "err", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Hour):
		}
	}
}
