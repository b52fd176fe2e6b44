package client

import (
	"context"
	"fmt"
	"net/http"
	"os"
)

// Sales asks order how much of each sku was ordered.
func Sales(ctx context.Context) (map[string]int, error) {
	sold := map[string]int{}
	if err := ask(ctx, http.MethodGet, os.Getenv("SERVICE_ORDER")+"/sales", nil, &sold); err != nil {
		return nil, fmt.Errorf("ask order for sales: %w", err)
	}
	return sold, nil
}

// Order is what order says of an order.
type Order struct {
	ID       string `json:"id"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// Orders asks order for all orders.
func Orders(ctx context.Context) ([]Order, error) {
	var all []Order
	if err := ask(ctx, http.MethodGet, os.Getenv("SERVICE_ORDER")+"/orders", nil, &all); err != nil {
		return nil, fmt.Errorf("ask order for all orders: %w", err)
	}
	return all, nil
}
