// Package prices is where orders get their prices from.
package prices

import (
	"math"

	"shop/product"
)

// Product is a product under another name.
type Product = *product.Product

// Cents is what a product costs.
func Cents(p Product) int64 { return int64(math.Round(p.Price() * 100)) }
