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
