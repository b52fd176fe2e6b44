package main

import shop "shop/shop"

// What main.go calls.
var (
	_ func() *shop.Shop                                        = shop.Open
	_ func(*shop.Shop, string, string, float64, int) error     = (*shop.Shop).Deliver
	_ func(*shop.Shop, string, map[string]int) (string, error) = (*shop.Shop).Buy
	_ func(*shop.Shop, string) (string, error)                 = (*shop.Shop).Receipt
	_ func(*shop.Shop, string) error                           = (*shop.Shop).Ship
	_ func(*shop.Shop, string) error                           = (*shop.Shop).Cancel
	_ func(*shop.Shop, string) int                             = (*shop.Shop).Left
)
