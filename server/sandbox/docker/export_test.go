package docker

// Coordinates is how long a broker is waited for; benchmarks wait alike.
var Coordinates = coordinates
