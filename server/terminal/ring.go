package terminal

// ring keeps the last bytes of an endless stream. A place in it is counted
// from the stream's first byte, so that it means the same for as long as the
// shell lives.
type ring struct {
	kept []byte // its length is how much is kept
	end  int64  // how much has come so far
}

func newRing(size int) *ring { return &ring{kept: make([]byte, size)} }

// begin is the place of the oldest byte that is still there.
func (r *ring) begin() int64 { return max(0, r.end-int64(len(r.kept))) }

func (r *ring) write(p []byte) {
	for len(p) > 0 {
		n := copy(r.kept[r.end%int64(len(r.kept)):], p)
		r.end += int64(n)
		p = p[n:]
	}
}

// read copies what stands at the place, as far as it is in one piece.
func (r *ring) read(p []byte, at int64) int {
	from := r.kept[at%int64(len(r.kept)):]
	if left := r.end - at; int64(len(from)) > left {
		from = from[:left]
	}
	return copy(p, from)
}

// lineFrom is the place after the first end of a line from there on, because
// what is cut off in mid-sequence would be shown as it was never meant.
func (r *ring) lineFrom(at int64) int64 {
	for next := at; next < r.end; next++ {
		if r.kept[next%int64(len(r.kept))] == '\n' {
			return next + 1
		}
	}
	return at
}
