package order

func (o *Order) PullEvents() []Event { e := o.events; o.events = nil; return e }
