package process

// Account is the user and group that a program runs as, on systems that have
// numbers for them.
type Account struct{ UID, GID int }
