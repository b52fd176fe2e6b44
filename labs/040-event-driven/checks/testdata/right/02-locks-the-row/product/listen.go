package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/segmentio/kafka-go"

	"shop/event"
	"shop/trace"
)

// listen reads with a reader of our own.
func (s *shop) listen(ctx context.Context, broker string) {
	r := kafka.NewReader(kafka.ReaderConfig{
		Brokers: []string{broker}, GroupID: "warehouse", GroupTopics: []string{"orders"},
		MaxWait: 200 * time.Millisecond, JoinGroupBackoff: 200 * time.Millisecond,
		StartOffset: kafka.FirstOffset, WatchPartitionChanges: true, PartitionWatchInterval: time.Second,
	})
	defer r.Close()
	for {
		m, err := r.FetchMessage(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		var e struct {
			Type string
			Data struct {
				Order    string `json:"order"`
				SKU      string `json:"sku"`
				Quantity int    `json:"quantity"`
			}
		}
		if json.Unmarshal(m.Value, &e) == nil && e.Type == "OrderPlaced" {
			parent := ""
			for _, h := range m.Headers {
				if h.Key == "traceparent" {
					parent = string(h.Value)
				}
			}
			for s.take(trace.With(ctx, parent), e.Data.SKU, e.Data.Quantity, e.Data) != nil && ctx.Err() == nil {
				time.Sleep(100 * time.Millisecond)
			}
		}
		if err := r.CommitMessages(ctx, m); err != nil {
			slog.Error("commit", "err", err)
		}
	}
}

// take looks at the stock under a lock, and answers.
func (s *shop) take(ctx context.Context, sku string, quantity int, data any) error {
	answer := "StockRejected"
	err := pgx.BeginFunc(ctx, s.db, func(tx pgx.Tx) error {
		var left int
		err := tx.QueryRow(ctx, "SELECT quantity FROM stock WHERE sku = $1 FOR UPDATE", sku).Scan(&left)
		if err == pgx.ErrNoRows || left < quantity {
			return nil
		}
		answer = "StockReserved"
		if err == nil {
			_, err = tx.Exec(ctx, "UPDATE stock SET quantity = $2 WHERE sku = $1", sku, left-quantity)
		}
		return err
	})
	if err != nil {
		return err
	}
	e, err := event.New(ctx, answer, sku, data)
	if err != nil {
		return err
	}
	return s.events.Publish(ctx, event.Stock, e)
}
