package main

import (
	"context"
	"time"
)

// keepTelling tries until Kafka has the event, or this process dies.
func (s *shop) keepTelling(ctx context.Context, o order) {
	for s.tell(ctx, "OrderPlaced", o) != nil {
		time.Sleep(50 * time.Millisecond)
	}
}
