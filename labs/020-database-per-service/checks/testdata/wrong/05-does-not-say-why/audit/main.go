// Command audit compares the orders that order has with the stock that product gave,
// and prints each order that breaks the invariant: what an order says is what it took.
// It ends with 0 where none does, 1 where one does, 2 where it cannot tell.
package main

import (
	"context"
	"fmt"
	"os"

	"shop/client"
)

func main() {
	broken, err := audit(context.Background()) // the client gives each request its deadline
	if err != nil {
		os.Exit(2)
	}
	for _, line := range broken {
		fmt.Println(line)
	}
	if len(broken) > 0 {
		os.Exit(1)
	}
}

// audit returns a line for each order that breaks the invariant.
func audit(ctx context.Context) (broken []string, err error) {
	orders, err := client.Orders(ctx)
	if err != nil {
		return nil, err
	}
	taken, err := client.AllTaken(ctx)
	if err != nil {
		return nil, err
	}
	left := map[string]client.Taken{} // what no order was found for yet
	for _, t := range taken {
		left[t.Order] = t
	}
	for _, o := range orders {
		t, took := left[o.ID]
		switch {
		case !took:
			broken = append(broken, "no-stock "+o.ID)
		case t.SKU != o.SKU || t.Quantity != o.Quantity:
			broken = append(broken, "differs "+o.ID)
		}
		delete(left, o.ID)
	}
	for id := range left {
		broken = append(broken, "no-order "+id)
	}
	return broken, nil
}
