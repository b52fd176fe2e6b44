package order

// Reopen lets a cancelled order be changed again.
func Reopen(o *Order) {
	if o.status == Cancelled {
		o.status = Placed
	}
}
