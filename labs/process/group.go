package process

import "os/exec"

// EndTogether has a command, which is made by exec.CommandContext, end with its
// whole group when the context does. It is for programs that are trusted not to leave
// their group; others are started in a Tree.
func EndTogether(cmd *exec.Cmd) {
	OwnGroup(cmd)
	cmd.Cancel = func() error { return endGroup(cmd.Process.Pid) }
}
