package kube

import (
	"strconv"
	"strings"
)

// scales are the letters behind a quantity, and what they stand for.
var scales = map[string]float64{"": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
	"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30, "Ti": 1 << 40, "Pi": 1 << 50, "Ei": 1 << 60}

// Quantity reads an amount of a resource: processors, or bytes. One that is
// missing, or none, is 0.
func Quantity(text string) float64 {
	if n, err := strconv.ParseFloat(text, 64); err == nil { // also 1e3
		return n
	}
	number := strings.TrimRight(text, "numkKMGTPEi")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0
	}
	return n * scales[text[len(number):]]
}
