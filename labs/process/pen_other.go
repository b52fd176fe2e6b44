//go:build !linux

package process

import "syscall"

// pen is a control group, which only Linux has; it is always nil here.
type cgroup struct{}

func newCgroup(int) *cgroup { return nil }

func (*cgroup) start(_ *syscall.SysProcAttr, start func() error) error { return start() }

func (*cgroup) remove() {}
