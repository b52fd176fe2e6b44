// Package common is what everybody needs.
package common

import "fmt"

// Amount is an amount as people read it.
func Amount(cents int64, currency string) string {
	return fmt.Sprintf("%5d.%02d %s", cents/100, cents%100, currency)
}
