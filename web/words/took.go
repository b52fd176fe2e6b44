package words

import (
	"strconv"
	"time"
)

// amount is the number that a person says for a length of time, and whether
// it counts minutes: <0.1, 0.8, 12, and from two minutes on 2.
func amount(d time.Duration) (number string, minutes bool) {
	switch {
	case d >= 2*time.Minute:
		return strconv.Itoa(int(d.Minutes())), true
	case d >= 10*time.Second:
		return strconv.Itoa(int(d.Seconds())), false
	case d >= 100*time.Millisecond:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64), false
	}
	return "<0.1", false
}
