//go:build !linux

package process

// visible is true: here a PID means the same everywhere.
func visible(Identity) bool { return true }
