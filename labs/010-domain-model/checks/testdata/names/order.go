package main

import (
	"strings"

	order "shop/order"
)

// The names that steps 1 and 2 ask for, each with its shape.
var (
	_ func(int64, string) (order.Money, error)               = order.NewMoney
	_ func(order.Money) int64                                = order.Money.Cents
	_ func(order.Money) string                               = order.Money.Currency
	_ func(order.Money, order.Money) (order.Money, error)    = order.Money.Plus
	_ func(order.Money, int) (order.Money, error)            = order.Money.Times
	_ func(order.Item, int) (order.OrderLine, error)         = order.NewOrderLine
	_ func(order.OrderLine) order.Item                       = order.OrderLine.Item
	_ func(order.OrderLine) int                              = order.OrderLine.Quantity
	_ func(string, ...order.OrderLine) (*order.Order, error) = order.Place
	_ func(*order.Order, order.OrderLine) error              = (*order.Order).Add
	_ func(*order.Order, string) error                       = (*order.Order).Remove
	_ func(*order.Order) error                               = (*order.Order).Ship
	_ func(*order.Order) error                               = (*order.Order).Cancel
	_ func(*order.Order) string                              = (*order.Order).ID
	_ func(*order.Order) order.Status                        = (*order.Order).Status
	_ func(*order.Order) []order.OrderLine                   = (*order.Order).Lines
	_ func(*order.Order) order.Money                         = (*order.Order).Total
	_                                                        = []order.Status{order.Placed, order.Shipped, order.Cancelled}
	_                                                        = order.Item{ProductID: "", Price: *new(order.Money)}
)

// What a method of the learner's own may take.
var _ = strings.ToUpper
