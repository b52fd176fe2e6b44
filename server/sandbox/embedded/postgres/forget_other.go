//go:build !linux && !darwin

package postgres

// Forget is for systems whose shared memory outlives its users.
func Forget(string) {}
