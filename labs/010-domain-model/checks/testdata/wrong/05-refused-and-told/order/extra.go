package order

type LineAdded struct{ OrderID string }

func (LineAdded) happened() {}
