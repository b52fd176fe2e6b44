package order

import "slices"

// Event is something that has happened to an order. It is a fact: nobody can
// change it, and it never says what is to be done.
type Event interface{ happened() }

// OrderPlaced says what was ordered, as it was at that moment.
type OrderPlaced struct {
	OrderID string
	Total   Money
	Lines   []OrderLine
	Counts  map[string]int
}

// OrderShipped says that the order is on its way.
type OrderShipped struct{ OrderID string }

// OrderCancelled says that the order was called off, and what was on it then:
// whoever gives the goods or the money back need not ask the order.
type OrderCancelled struct {
	OrderID string
	Total   Money
	Lines   []OrderLine
}

func (OrderPlaced) happened()    {}
func (OrderShipped) happened()   {}
func (OrderCancelled) happened() {}

// Events is all that has happened to the order, oldest first. It is the
// caller's to keep: what a reader does to it changes nothing here.
func (o *Order) Events() []Event {
	events := slices.Clone(o.events)
	for i, e := range events {
		switch e := e.(type) {
		case OrderPlaced:
			e.Lines = slices.Clone(e.Lines)
			events[i] = e
		case OrderCancelled:
			e.Lines = slices.Clone(e.Lines)
			events[i] = e
		}
	}
	return events
}

func (o *Order) record(e Event) { o.events = append(o.events, e) }
