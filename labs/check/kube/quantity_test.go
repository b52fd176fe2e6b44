package kube

import "testing"

func TestQuantity(t *testing.T) {
	for text, want := range map[string]float64{"": 0, "0": 0, "2": 2, "50m": 0.05, "0.5": 0.5, "1e3": 1000, "32Mi": 32 << 20, "64M": 64e6, "16261004Ki": 16261004 << 10, "x": 0} {
		if got := Quantity(text); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
