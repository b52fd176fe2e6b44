package order

func (o *Order) SumText(id string) string { return o.lines[o.index(id)].sum.String() }
