// Package order knows what an order is and which rules it keeps. It does not
// know where products come from, nor what they are to others.
package order

import (
	"errors"
	"fmt"
	"slices"
)

// Status is how far an order has come.
type Status string

// An order starts as Placed. Shipped and Cancelled are the end of its way.
const (
	Placed    Status = "placed"
	Shipped   Status = "shipped"
	Cancelled Status = "cancelled"
)

// Order is what a customer has ordered. It changes by its methods alone, so
// its rules hold after each of them.
type Order struct {
	id     string
	status Status
	lines  []OrderLine // never empty
}

// Place starts an order; an order without lines is none.
func Place(id string, lines ...OrderLine) (*Order, error) {
	switch {
	case id == "":
		return nil, errors.New("an order has a number")
	case len(lines) == 0:
		return nil, errors.New("an order has at least one line")
	}
	o := &Order{id: id, status: Placed}
	for _, line := range lines {
		if err := o.Add(line); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// Add puts one more line on the order.
func (o *Order) Add(line OrderLine) error {
	if err := o.open(); err != nil {
		return err
	}
	if line.quantity == 0 {
		return errors.New("an empty line is for nothing")
	}
	if o.index(line.item.ProductID) >= 0 {
		return fmt.Errorf("%s is on order %s already", line.item.ProductID, o.id)
	}
	lines := append(o.Lines(), line)
	if _, err := sum(lines); err != nil {
		return fmt.Errorf("order %s: %w", o.id, err)
	}
	o.lines = lines
	return nil
}

// Remove takes a product's line off the order, but not the last one.
func (o *Order) Remove(productID string) error {
	if err := o.open(); err != nil {
		return err
	}
	at := o.index(productID)
	switch {
	case at < 0:
		return fmt.Errorf("%s is not on order %s", productID, o.id)
	case len(o.lines) == 1:
		return fmt.Errorf("%s is all of order %s: cancel it", productID, o.id)
	}
	o.lines = slices.Delete(o.lines, at, at+1)
	return nil
}

// Ship sends the order on its way.
func (o *Order) Ship() error { return o.end(Shipped) }

// Cancel calls the order off.
func (o *Order) Cancel() error { return o.end(Cancelled) }

func (o *Order) end(status Status) error {
	if err := o.open(); err != nil {
		return err
	}
	o.status = status
	return nil
}

// Ends are the statuses that an order does not leave.
var Ends = map[Status]bool{Shipped: true, Cancelled: true}

// open refuses every change of an order that is shipped or cancelled.
func (o *Order) open() error {
	if Ends[o.status] {
		return fmt.Errorf("order %s is %s", o.id, o.status)
	}
	return nil
}

func (o *Order) index(productID string) int {
	return slices.IndexFunc(o.lines, func(l OrderLine) bool { return l.item.ProductID == productID })
}

// ID is the order's number.
func (o *Order) ID() string { return o.id }

// Status is how far the order has come.
func (o *Order) Status() Status { return o.status }

// Lines are the order's lines; they are the caller's to keep.
func (o *Order) Lines() []OrderLine { return slices.Clone(o.lines) }

// Total is the sum of the lines.
func (o *Order) Total() Money {
	total, _ := sum(o.lines) // no error: Add has refused what cannot be summed
	return total
}

// sum refuses lines in two currencies, and a total that does not fit.
func sum(lines []OrderLine) (total Money, err error) {
	for i, line := range lines {
		if i == 0 {
			total = line.sum
			continue
		}
		if total, err = total.Plus(line.sum); err != nil {
			return Money{}, err
		}
	}
	return total, nil
}
