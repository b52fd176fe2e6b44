package product

import "math"

// Cents is the price in cents.
func (p *Product) Cents() int64 { return int64(math.Round(p.price * 100)) }
