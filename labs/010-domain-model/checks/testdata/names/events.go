package main

import order "shop/order"

// The names that step 5 asks for.
var (
	_                                  = order.OrderPlaced{OrderID: "", Total: *new(order.Money), Lines: []order.OrderLine(nil)}
	_                                  = order.OrderShipped{OrderID: ""}
	_                                  = order.OrderCancelled{OrderID: "", Total: *new(order.Money), Lines: []order.OrderLine(nil)}
	_ func(*order.Order) []order.Event = (*order.Order).Events
)
