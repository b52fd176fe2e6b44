package process

import "os"

// Isolation keeps a program that nobody trusts away from whoever judges it, as
// far as the system can: see Isolates. It sees the machine's files and may
// write none, but in temporary folders and a home that are its own, empty, and
// gone with it. Of what is hidden it sees what is named here. A folder that
// it is to work in, and would not see, is an empty one of its own too.
type Isolation struct {
	Hides  []string     // files and folders
	Reads  []string     // files and folders, hidden or not
	Writes []string     // files and folders, hidden or not, that it may also change, as it must to ask a socket; see Chown
	As     *DynamicUser // who it is, where the system gives it to us to say
}

// Level is how far a program is kept away from the one that starts it.
type Level string

const (
	// OwnAccount is another user than ours, who has no account, and who sees the
	// files that the isolation lets it see.
	OwnAccount Level = "account"
	// OwnNamespace is our own user, with the files that the isolation lets it
	// see, and without a way into the memory and environment of what is ours.
	OwnNamespace Level = "namespace"
	// NotIsolated is a process, and no more: it may do what we may.
	NotIsolated Level = "none"
)

// EnvLevel is a variable with the level, for a program whose starter has tried
// already; see Isolates.
const EnvLevel = "CNALAB_ISOLATION"

// Isolates is how far this system lets us isolate programs. What the
// environment says goes before what it finds by trying, once.
func Isolates() Level {
	switch level := Level(os.Getenv(EnvLevel)); level {
	case OwnAccount, OwnNamespace, NotIsolated:
		return level
	}
	return tried()
}
