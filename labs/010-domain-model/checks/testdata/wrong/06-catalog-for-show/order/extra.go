package order

func NewItem(id, name string, cents int64) Item {
	m, _ := NewMoney(cents, "EUR")
	return Item{ProductID: id, Name: name, Price: m}
}
