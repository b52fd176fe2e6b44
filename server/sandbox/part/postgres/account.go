package postgres

import (
	"os"
	"os/user"
	"strconv"

	"cnalab/labs"
	"cnalab/labs/process"
)

// unprivileged returns the user that Postgres has to run as: nil, ourselves,
// unless we are root, for whom it refuses to run.
func unprivileged() (*process.Account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid != 0 {
			return &process.Account{UID: uid, GID: gid}, nil
		}
	}
	return nil, &labs.Problem{Kind: labs.Machine, Say: "Postgres does not run as root, and there is no user to run it as.",
		Next: "Start as an ordinary user, or add a user named postgres."}
}
