package main

import order "shop/order"

// The names that step 1 asks for, each with its shape.
var (
	_ func(int64, string) (order.Money, error)            = order.NewMoney
	_ func(order.Money) int64                             = order.Money.Cents
	_ func(order.Money) string                            = order.Money.Currency
	_ func(order.Money, order.Money) (order.Money, error) = order.Money.Plus
	_ func(order.Money, int) (order.Money, error)         = order.Money.Times
	_ func(order.Item, int) (order.OrderLine, error)      = order.NewOrderLine
	_ func(order.OrderLine) order.Item                    = order.OrderLine.Item
	_ func(order.OrderLine) int                           = order.OrderLine.Quantity
	_                                                     = order.Item{ProductID: "", Price: *new(order.Money)}
)
