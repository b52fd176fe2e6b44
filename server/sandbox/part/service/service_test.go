package service

import (
	"slices"
	"testing"

	"cnalab/labs"
)

// at is an address from any side.
type at string

func (a at) At(string) string { return string(a) }

func TestURL(t *testing.T) {
	tests := map[string]struct {
		part labs.Part
		want []string
	}{
		"plain":             {labs.Part{Name: "order"}, []string{"SERVICE_ORDER=http://order:8080"}},
		"TLS":               {labs.Part{Name: "order", TLS: true}, []string{"SERVICE_ORDER=https://order:8080"}},
		"replicas of TLS":   {labs.Part{Name: "order", TLS: true, Replicas: 2}, []string{"SERVICE_ORDER_1=https://order-1:8080", "SERVICE_ORDER_2=https://order-2:8080"}},
		"plain with a dash": {labs.Part{Name: "order-log"}, []string{"SERVICE_ORDER_LOG=http://order-log:8080"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, d := range Kind().Define(test.part, "") {
				got = append(got, d.Variables(at(d.Name+":8080"))...)
				if d.TLS != test.part.TLS {
					t.Errorf("%s serves TLS: %v", d.Name, d.TLS)
				}
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
