// Package stock counts.
package stock

import (
	"errors"
	"sync/atomic"
)

// Count never falls below zero.
type Count struct{ n atomic.Int64 }

var errCount = errors.New("that many cannot be moved")

// Move adds, or takes where by is below zero.
func (c *Count) Move(by int) error {
	for {
		old := c.n.Load()
		if old+int64(by) < 0 {
			return errCount
		}
		if c.n.CompareAndSwap(old, old+int64(by)) {
			return nil
		}
	}
}

// Now is the count.
func (c *Count) Now() int { return int(c.n.Load()) }
