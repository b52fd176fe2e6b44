package shop

// Goods is something the shop sells.
type Goods struct {
	SKU    string // the supplier's number
	Title  string
	Price  float64 // in euros; 0 means not for sale yet
	Stock  int
	Orders []*Sale // every order it was ever on
}
