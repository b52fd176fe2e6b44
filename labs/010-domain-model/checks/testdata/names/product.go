package main

import product "shop/product"

// The names that step 3 asks for, each with its shape.
var (
	_ func(string, string, float64) (*product.Product, error) = product.New
	_ func(*product.Product) string                           = (*product.Product).SKU
	_ func(*product.Product) string                           = (*product.Product).Title
	_ func(*product.Product) float64                          = (*product.Product).Price
	_ func(*product.Product, string, float64) error           = (*product.Product).Change
	_ func(*product.Product, int) error                       = (*product.Product).Receive
	_ func(*product.Product, int) error                       = (*product.Product).Take
	_ func(*product.Product) int                              = (*product.Product).Stock
)
