package docker

// Reserve has proxies take their addresses from another until restore is called.
func Reserve(other func() (string, error)) (restore func()) {
	before := reserve
	reserve = other
	return func() { reserve = before }
}
