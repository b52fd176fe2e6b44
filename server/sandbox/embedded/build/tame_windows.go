package build

import "os/exec"

func tame(*exec.Cmd) {}
