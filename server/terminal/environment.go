package terminal

import (
	"os"

	"cnalab/labs/environ"
)

// own are variables of the terminal that the server was started in, and of
// the server itself, which are wrong in another terminal.
var own = environ.Group{
	"CNALAB_*", "GRADE_*", "TERM", "TERM_*", "COLORTERM", "TMUX", "STY", "VTE_*", "WINDOWID", "LINES", "COLUMNS",
	"HISTFILE", "PROMPT_COMMAND", "PS1", "ENV", "BASH_ENV", "ZDOTDIR", "SHLVL", "PWD", "OLDPWD", "_", "SHELL",
}

// environment is what a shell is started with: the user's own variables but
// those that lead past the sandbox, its addresses, and the tools first on the
// PATH.
func environment(user, addresses []string, tools string) []string {
	env := environ.Without(user, own)
	env = append(env, "TERM=xterm-256color", "COLORTERM=truecolor")
	if environ.Lookup(env, "LANG") == "" && environ.Lookup(env, "LC_ALL") == "" {
		env = append(env, "LANG=C.UTF-8") // else what is not English cannot be typed
	}
	env = environ.Shell(env, addresses)
	if tools != "" {
		env = append(env, "PATH="+tools+string(os.PathListSeparator)+environ.Lookup(env, "PATH"))
	}
	return env
}
