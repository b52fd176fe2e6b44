package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

// hotel is the customer whose page is read. It has so many orders at least.
const (
	hotel  = "hotel"
	orders = 4000
)

// prepare places the hotel's orders, once, and waits until the view has them.
func prepare(ctx context.Context) error {
	var page struct{ Orders int }
	if err := get(ctx, "/joined?customer="+hotel, &page); err != nil {
		return err
	}
	left := make(chan struct{}, orders)
	for range orders - page.Orders {
		left <- struct{}{}
	}
	close(left)
	var all sync.WaitGroup
	failed := make(chan error, readers)
	for range readers {
		all.Go(func() {
			for range left {
				if err := post(ctx, hotel); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(failed)
	if err := <-failed; err != nil {
		return err
	}
	return catchUp(ctx)
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
