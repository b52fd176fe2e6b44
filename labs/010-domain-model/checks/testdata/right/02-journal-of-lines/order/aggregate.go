package order

import "errors"

// Status counts how far an order is.
type Status int

const (
	Placed Status = iota + 7
	Shipped
	Cancelled
)

// ways is where each status leads.
var ways = map[Status][]Status{Placed: {Shipped, Cancelled}}

// ErrRule is what every refusal is.
var ErrRule = errors.New("the order does not allow that")

// Order keeps its lines by product and a total that moves with them.
type Order struct {
	number string
	at     Status
	by     map[string]OrderLine
	names  []string
	total  Money
}

// Place makes an order out of nothing but additions.
func Place(id string, lines ...OrderLine) (*Order, error) {
	o := &Order{number: id, at: Placed, by: make(map[string]OrderLine)}
	for _, l := range lines {
		if o.Add(l) != nil {
			return nil, ErrRule
		}
	}
	if id == "" || len(o.by) == 0 {
		return nil, ErrRule
	}
	return o, nil
}

func (o *Order) Add(line OrderLine) error {
	if line == (OrderLine{}) {
		return ErrRule
	}
	id, price := line.Item().ProductID, line.Item().Price
	_, twice := o.by[id]
	if o.at != Placed || twice || len(o.by) > 0 && price.unit != o.total.unit {
		return ErrRule
	}
	total, err := price.Times(line.Quantity())
	if err == nil && len(o.by) > 0 {
		total, err = o.total.Plus(total)
	}
	if err != nil {
		return ErrRule
	}
	o.by[id], o.names, o.total = line, append(o.names, id), total
	return nil
}

func (o *Order) Remove(productID string) error {
	line, there := o.by[productID]
	if o.at != Placed || !there || len(o.by) < 2 {
		return ErrRule
	}
	delete(o.by, productID)
	o.total.amount -= line.Item().Price.amount * int64(line.Quantity())
	kept := o.names[:0:0]
	for _, name := range o.names {
		if name != productID {
			kept = append(kept, name)
		}
	}
	o.names = kept
	return nil
}

func (o *Order) move(to Status) error {
	for _, way := range ways[o.at] {
		if way == to {
			o.at = to
			return nil
		}
	}
	return ErrRule
}

func (o *Order) Ship() error    { return o.move(Shipped) }
func (o *Order) Cancel() error  { return o.move(Cancelled) }
func (o *Order) ID() string     { return o.number }
func (o *Order) Status() Status { return o.at }
func (o *Order) Total() Money   { return o.total }

func (o *Order) Lines() (all []OrderLine) {
	for _, name := range o.names {
		all = append(all, o.by[name])
	}
	return all
}
