package logbuffer

import "time"

// quota allows so much a second, and lends one second's worth.
type quota struct {
	limit  int
	used   int
	second int64
}

// allow uses n of this second's allowance and reports whether there was any
// left.
func (q *quota) allow(n int) bool {
	if now := time.Now().Unix(); now != q.second {
		q.second, q.used = now, 0
	}
	ok := q.used < q.limit
	q.used += n
	return ok
}
