package order

// Event is whatever happened.
type Event any

type (
	// OrderPlaced carries more than it must.
	OrderPlaced struct {
		Version int
		OrderID string
		Lines   []OrderLine
		Total   Money
	}
	OrderShipped struct{ OrderID string }
	// OrderCancelled says why, too.
	OrderCancelled struct {
		OrderID, Reason string
		Total           Money
		Lines           []OrderLine
	}
	// LineAdded and LineRemoved are recorded as well.
	LineAdded   struct{ OrderID, ProductID string }
	LineRemoved struct{ OrderID, ProductID string }
)

// facts makes each event anew for each reader.
type facts []func() Event

func (f *facts) note(make func() Event) { *f = append(*f, make) }

// Events asks each fact what it says.
func (o *Order) Events() []Event {
	var all []Event
	for _, make := range o.facts {
		all = append(all, make())
	}
	return all
}
