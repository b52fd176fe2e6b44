package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
)

// hotel is the customer whose page is read. It has so many orders at least.
const (
	hotel  = "hotel"
	orders = 4000
)

// prepare gives the hotel its orders, once, and waits until the view has them.
func prepare(ctx context.Context) error {
	var page struct{ Orders int }
	if err := get(ctx, "/joined?customer="+hotel, &page); err != nil {
		return err
	}
	if page.Orders < orders {
		if err := fill(ctx, orders-page.Orders); err != nil {
			return fmt.Errorf("fill the hotel's history: %w", err)
		}
	}
	return catchUp(ctx)
}

// fill stores n orders of the hotel, each with its event, as order would. In one
// statement it takes a second, and with commands it would take minutes.
func fill(ctx context.Context, n int) error {
	db, err := pgx.Connect(ctx, os.Getenv("DATABASE_ORDER"))
	if err != nil {
		return err
	}
	defer db.Close(context.WithoutCancel(ctx))
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		// The simple protocol puts the values in, and Postgres need not guess their types.
		_, err := tx.Exec(ctx, `
			WITH last AS (
				INSERT INTO customers VALUES ($1, $2)
				ON CONFLICT (customer) DO UPDATE SET version = customers.version + $2 RETURNING version),
			placed AS (
				SELECT version - $2 + n AS version, timestamptz '2026-01-05 06:00Z' + n * interval '1 hour' AS at
				FROM last, generate_series(1, $2) AS n),
			stored AS (
				INSERT INTO orders (id, customer, sku, quantity, placed)
				SELECT $1 || '-' || version, $1, 'cup', 1, at FROM placed)
			INSERT INTO outbox (key, event)
			SELECT $1, json_build_object('id', $1 || '-event-' || version, 'type', 'OrderPlaced', 'time', at, 'data', json_build_object(
				'customer', $1, 'version', version, 'order', $1 || '-' || version, 'sku', 'cup', 'name', 'Blue cup',
				'quantity', 1, 'total', 850, 'placed', at))
			FROM placed ORDER BY version`, pgx.QueryExecModeSimpleProtocol, hotel, n)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "NOTIFY outbox")
		return err
	})
}

// catchUp waits until the view has all that is in the log.
func catchUp(ctx context.Context) error {
	for {
		var view struct{ Lag int }
		if err := get(ctx, "/lag", &view); err != nil {
			return err
		}
		if view.Lag == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the view lacks %d events: %w", view.Lag, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// place is one command: somebody orders a cup.
func place(ctx context.Context) error {
	return post(ctx, fmt.Sprintf("guest-%d", time.Now().UnixNano()))
}

func post(ctx context.Context, customer string) error {
	body, err := json.Marshal(map[string]any{"customer": customer, "sku": "cup", "quantity": 1})
	if err != nil {
		return err
	}
	return ask(ctx, http.MethodPost, os.Getenv("SERVICE_ORDER")+"/orders", body, nil)
}

func get(ctx context.Context, path string, out any) error {
	return ask(ctx, http.MethodGet, os.Getenv("SERVICE_HISTORY")+path, nil, out)
}

// ask makes one request, reads the whole answer and decodes it into out, if that is not nil.
// A status of 400 or more is an error.
func ask(ctx context.Context, method, url string, body []byte, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make the request: %w", err)
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %s %.200s", method, url, resp.Status, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}
