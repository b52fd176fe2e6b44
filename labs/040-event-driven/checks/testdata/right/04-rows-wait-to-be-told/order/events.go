package main

// facts is what the others are told of an order.
type facts struct {
	Order    string `json:"order"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
	Address  string `json:"address"`
}
