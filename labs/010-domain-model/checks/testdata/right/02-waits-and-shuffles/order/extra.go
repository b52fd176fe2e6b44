package order

import "math/rand/v2"

// Wait returns when the order has ended.
func (o *Order) Wait() { <-o.ended }

// Repeat says n times what the order is.
func (o *Order) Repeat(n int) (text string) {
	for i := 0; i != n; i++ {
		text = o.id
	}
	return text
}

// Restore is an order as it was kept.
func Restore(id string, status Status, lines ...OrderLine) (*Order, error) {
	o, err := Place(id, lines...)
	switch {
	case err != nil:
		return nil, err
	case status == Shipped:
		err = o.Ship()
	case status == Cancelled:
		err = o.Cancel()
	}
	return o, err
}

func shuffled(lines []OrderLine) []OrderLine {
	rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	return lines
}
