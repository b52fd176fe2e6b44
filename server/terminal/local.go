package terminal

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"

	"cnalab/labs"
	"cnalab/labs/environ"
)

// Local starts shells on this machine: the user's own, with its settings,
// under a short prompt and with a history for each lab.
type Local struct {
	Folder string // keeps histories and start files
	Tools  string // a folder with programs that comes first on the PATH; may be empty
}

// Start returns the command of a shell. It has the form of Config.Start.
func (l Local) Start(request Request) (*exec.Cmd, error) {
	own := os.Getenv("SHELL")
	if request.Plain {
		own = "" // its start-up may be of any form
	}
	shell, err := find(own)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(shell, "-i")
	cmd.Dir = request.Dir
	cmd.Env = environment(os.Environ(), request.Environment, l.Tools)
	cmd.Env = append(cmd.Env, "SHELL="+shell, "PWD="+request.Dir)
	return cmd, l.settings(cmd, request)
}

// find returns the user's shell, else one that there is.
func find(own string) (string, error) {
	for _, name := range []string{own, "bash", "sh"} {
		switch filepath.Base(name) {
		case ".", "false", "nologin": // accounts that nobody logs in to have one of these
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", &labs.Problem{Kind: labs.Machine, Say: "This machine has no shell.", Next: "Install bash, and start the server again."}
}

// What a shell does after the user's own settings: it forgets none of its
// history, also where it is ended, and shows the folder it is in.
const (
	bashSettings = `[ -z "$LAB_PLAIN" ] && [ -r ~/.bashrc ] && . ~/.bashrc
HISTFILE=$LAB_HISTORY; HISTSIZE=5000; HISTFILESIZE=5000; HISTCONTROL=ignoreboth
history -c; history -r
PROMPT_COMMAND="history -a"
PS1='\[\e[1m\]\W\[\e[0m\] $ '
PATH=$LAB_PATH
` + bashRecord + `unset LAB_HISTORY LAB_PATH LAB_RECORD LAB_PLAIN
`
	zshSettings = `unset ZDOTDIR
[ -r ~/.zshrc ] && . ~/.zshrc
HISTFILE=$LAB_HISTORY; HISTSIZE=5000; SAVEHIST=5000; setopt INC_APPEND_HISTORY
PROMPT='%B%1~%b $ '; RPROMPT=
PATH=$LAB_PATH
` + zshRecord + `unset LAB_HISTORY LAB_PATH LAB_RECORD
`
	shSettings = `PS1='${PWD##*/} $ '
`
)

// settings has the shell read ours after the user's own.
func (l Local) settings(cmd *exec.Cmd, request Request) error {
	history := filepath.Join(l.Folder, "history", request.Lab)
	cmd.Env = append(cmd.Env, "LAB_HISTORY="+history, "LAB_PATH="+environ.Lookup(cmd.Env, "PATH"), "LAB_RECORD="+request.Record)
	rc, zrc, env := filepath.Join(l.Folder, "bashrc"), filepath.Join(l.Folder, "zsh", ".zshrc"), filepath.Join(l.Folder, "shrc")
	err := errors.Join(os.MkdirAll(filepath.Dir(history), 0o700), os.MkdirAll(filepath.Dir(zrc), 0o700),
		os.WriteFile(rc, []byte(bashSettings), 0o600), os.WriteFile(zrc, []byte(zshSettings), 0o600), os.WriteFile(env, []byte(shSettings), 0o600))
	if err != nil {
		return &labs.Problem{Kind: labs.Machine, Err: err, Detail: err.Error(),
			Say: "The terminal's settings could not be written.", Next: "Make room in the data folder, and open a terminal again."}
	}
	switch filepath.Base(cmd.Path) {
	case "bash":
		cmd.Args = []string{cmd.Path, "--rcfile", rc, "-i"}
		if request.Plain {
			cmd.Env = append(cmd.Env, "LAB_PLAIN=yes")
		}
	case "zsh":
		cmd.Env = append(cmd.Env, "ZDOTDIR="+filepath.Dir(zrc))
	default:
		cmd.Env = append(cmd.Env, "ENV="+env)
	}
	return nil
}
