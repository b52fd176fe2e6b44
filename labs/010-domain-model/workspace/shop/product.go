package shop

// Product is something the shop sells.
type Product struct {
	SKU    string // the supplier's number
	Title  string
	Price  float64 // in euros; 0 means not for sale yet
	Stock  int
	Orders []*Order // every order it was ever on
}
