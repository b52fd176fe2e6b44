package docker

// Coordinates is how long a broker is waited for; benchmarks wait alike.
var Coordinates = coordinates

// Reserve has links take their addresses from another until restore is called.
func Reserve(other func() (string, error)) (restore func()) {
	before := reserve
	reserve = other
	return func() { reserve = before }
}
