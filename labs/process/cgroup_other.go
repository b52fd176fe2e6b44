//go:build !linux

package process

import "syscall"

// cgroup is a control group, which only Linux has; it is always nil here.
type cgroup struct{}

func newCgroup(int) *cgroup { return nil }

func (*cgroup) start(_ *syscall.SysProcAttr, call func() error) error { return call() }

func (*cgroup) remove() {}
