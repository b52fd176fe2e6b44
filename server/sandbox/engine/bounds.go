package engine

import "github.com/moby/moby/api/types/container"

// Bounds are what a container may take.
type Bounds struct {
	Memory     int64 // bytes
	Processors int64 // in billionths
	Processes  int64
}

// Restrict bounds a container, and gives it no more rights than a program
// needs. What it prints goes to whoever attaches alone: on the engine's disk it
// would grow.
func (e *Engine) Restrict(h *container.HostConfig, b Bounds) {
	h.Memory, h.MemorySwap = b.Memory, b.Memory
	h.NanoCPUs = min(b.Processors, int64(e.Processors)*1e9)
	h.PidsLimit = &b.Processes
	h.CapDrop = []string{"ALL"}
	h.SecurityOpt = []string{"no-new-privileges"}
	h.LogConfig = container.LogConfig{Type: "none"}
}

// UnusualRights are those that an engine gives a container by default and that
// an image's own user hardly needs: to make devices, to send packets of any
// form, to write the audit log.
var UnusualRights = []string{"MKNOD", "NET_RAW", "AUDIT_WRITE", "SYS_CHROOT", "SETFCAP"}
