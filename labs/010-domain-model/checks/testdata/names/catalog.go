package main

import (
	catalog "shop/catalog"
	order "shop/order"
	product "shop/product"
)

// The names that step 6 asks for.
var (
	_ func(*product.Product) (order.Item, error)              = catalog.Item
	_                                                         = order.Item{Name: ""}
	_ func(string, string, float64) (*product.Product, error) = product.New
	_ func(*product.Product, string, float64) error           = (*product.Product).Change
	_ func(*product.Product) string                           = (*product.Product).SKU
	_ func(*product.Product) float64                          = (*product.Product).Price
	_                                                         = order.OrderPlaced{Lines: []order.OrderLine(nil)}
	_                                                         = (*order.Order).Events
)
