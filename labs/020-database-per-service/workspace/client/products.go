package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
)

// Product is what product says of a product.
type Product struct {
	SKU   string `json:"sku"`
	Name  string `json:"name"`
	Price int64  `json:"price"` // in cents
}

var (
	// ErrUnknown means that product does not know the product.
	ErrUnknown = errors.New("product does not know it")
	// ErrTooFew means that there is not so much in stock.
	ErrTooFew = errors.New("product has too few of it")
)

// FindProduct asks product for one product.
func FindProduct(ctx context.Context, sku string) (Product, error) {
	var p Product
	err := ask(ctx, http.MethodGet, os.Getenv("SERVICE_PRODUCT")+"/products/"+url.PathEscape(sku), nil, &p)
	if status, ok := errors.AsType[*Status](err); ok && status.Code == http.StatusNotFound {
		return p, ErrUnknown
	}
	if err != nil {
		return p, fmt.Errorf("ask product for %s: %w", sku, err)
	}
	return p, nil
}

// TakeStock has product take stock for an order. To ask it again for the same order
// takes nothing more.
func TakeStock(ctx context.Context, order, sku string, quantity int) error {
	err := ask(ctx, http.MethodPost, os.Getenv("SERVICE_PRODUCT")+"/stock/"+url.PathEscape(sku)+"/take",
		map[string]any{"order": order, "quantity": quantity}, nil)
	if status, ok := errors.AsType[*Status](err); ok && status.Code == http.StatusConflict {
		return ErrTooFew
	}
	if err != nil {
		return fmt.Errorf("ask product for stock of %s: %w", sku, err)
	}
	return nil
}
