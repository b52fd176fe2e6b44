package terminal

import (
	"os"
	"slices"
	"strings"
)

// own are variables of the terminal that the server was started in, and of
// the server itself, which are wrong in another terminal.
var own = []string{
	"CNALAB_*", "GRADE_*", "TERM", "TERM_*", "COLORTERM", "TMUX", "STY", "VTE_*", "WINDOWID", "LINES", "COLUMNS",
	"HISTFILE", "PROMPT_COMMAND", "PS1", "ENV", "BASH_ENV", "ZDOTDIR", "SHLVL", "PWD", "OLDPWD", "_", "SHELL",
}

// environment is what a shell is started with: the user's own variables, the
// sandbox's addresses, and the tools first on the PATH.
func environment(user, addresses []string, tools string) []string {
	env := slices.DeleteFunc(slices.Clone(user), isOwn)
	env = append(env, "TERM=xterm-256color", "COLORTERM=truecolor")
	if lookup(env, "LANG") == "" && lookup(env, "LC_ALL") == "" {
		env = append(env, "LANG=C.UTF-8") // else what is not English cannot be typed
	}
	env = append(env, addresses...)
	if tools != "" {
		env = append(env, "PATH="+tools+string(os.PathListSeparator)+lookup(env, "PATH"))
	}
	return env
}

func isOwn(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	return slices.ContainsFunc(own, func(pattern string) bool {
		begin, open := strings.CutSuffix(pattern, "*")
		return name == pattern || open && strings.HasPrefix(name, begin)
	})
}

// lookup returns the variable's value; of several the last counts.
func lookup(env []string, name string) (value string) {
	for _, variable := range env {
		if is, ok := strings.CutPrefix(variable, name+"="); ok {
			value = is
		}
	}
	return value
}
