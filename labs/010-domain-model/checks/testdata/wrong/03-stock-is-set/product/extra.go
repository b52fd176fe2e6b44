package product

func (p *Product) SetStock(n int) { p.stock = n }
