package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"

	"shop/event"
)

// ask takes the stock from product over HTTP, and tells of it itself.
func (s *shop) ask(ctx context.Context, o order) error {
	url := os.Getenv("SERVICE_PRODUCT") + "/stock/" + o.SKU
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var stock struct {
		Quantity int `json:"quantity"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&stock); err != nil {
		return err
	}
	if stock.Quantity < o.Quantity {
		return s.end(ctx, o, "Rejected", "StockRejected", "OrderRejected")
	}
	body, _ := json.Marshal(map[string]int{"quantity": stock.Quantity - o.Quantity})
	put, _ := http.NewRequest(http.MethodPut, url, bytes.NewReader(body))
	if _, err := http.DefaultClient.Do(put); err != nil {
		return err
	}
	return s.end(ctx, o, "Confirmed", "StockReserved", "OrderConfirmed")
}

func (s *shop) end(ctx context.Context, o order, status, stock, tell string) error {
	if _, err := s.db.Exec(ctx, "UPDATE orders SET status = $2 WHERE id = $1", o.ID, status); err != nil {
		return err
	}
	e, err := event.New(ctx, stock, o.SKU, facts{o.ID, o.SKU, o.Quantity, o.Address})
	if err != nil {
		return err
	}
	if err := s.events.Publish(ctx, event.Stock, e); err != nil {
		return err
	}
	return s.tell(ctx, tell, o)
}
