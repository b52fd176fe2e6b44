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

// FindProducts asks product for several products at once, and returns by sku those
// that it knows.
func FindProducts(ctx context.Context, skus []string) (map[string]Product, error) {
	found := map[string]Product{}
	if len(skus) == 0 {
		return found, nil
	}
	var products []Product
	query := url.Values{"sku": skus}
	if err := ask(ctx, http.MethodGet, os.Getenv("SERVICE_PRODUCT")+"/products?"+query.Encode(), nil, &products); err != nil {
		return nil, fmt.Errorf("ask product for %d products: %w", len(skus), err)
	}
	for _, p := range products {
		found[p.SKU] = p
	}
	return found, nil
}

// Changes are products that changed, and the number up to which they are whole.
type Changes struct {
	Until    int64     `json:"until"`
	Products []Product `json:"products"`
}

// ChangesAfter asks product what changed after that number.
func ChangesAfter(ctx context.Context, after int64) (Changes, error) {
	var c Changes
	err := ask(ctx, http.MethodGet, fmt.Sprintf("%s/changes?after=%d", os.Getenv("SERVICE_PRODUCT"), after), nil, &c)
	if err != nil {
		return c, fmt.Errorf("ask product for changes: %w", err)
	}
	return c, nil
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
