package product

import "math"

func (p *Product) CentsOf() int64 { return int64(math.Round(p.price * 100)) }
