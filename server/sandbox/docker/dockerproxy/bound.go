package dockerproxy

import (
	"context"

	"github.com/moby/moby/api/types/container"
)

// What a container gets that names no bound, and the most it may name.
const (
	defaultMemory = 512 << 20
	maxMemory     = 2 << 30
	defaultCPU    = 1_000_000_000 // billionths of a processor
	maxCPU        = 2_000_000_000
	defaultPIDs   = 256
	maxPIDs       = 1024
)

// bounded gives a container bounds where it names none.
func (p *Proxy) bounded(_ context.Context, wanted *container.CreateRequest) error {
	r := &wanted.HostConfig.Resources
	if r.Memory == 0 {
		r.Memory = max(defaultMemory, r.MemoryReservation)
	}
	if r.PidsLimit == nil || *r.PidsLimit == 0 {
		some := int64(defaultPIDs)
		r.PidsLimit = &some
	}
	if r.NanoCPUs == 0 && r.CPUQuota == 0 && r.CPUPeriod == 0 {
		r.NanoCPUs = defaultCPU
	}
	return checkLimits(r)
}

// checkLimits refuses bounds that are higher than a lab's container may have.
func checkLimits(r *container.Resources) error {
	period := r.CPUPeriod
	if period == 0 {
		period = 100_000
	}
	switch {
	case r.Memory > maxMemory || r.MemorySwap < 0 || r.MemorySwap > 2*maxMemory:
		return forbidden("A container of this lab may have 2 GiB of memory at most. Write a lower --memory.")
	case r.NanoCPUs > maxCPU || r.CPUQuota > 2*period:
		return forbidden("A container of this lab may have 2 processors at most. Write a lower --cpus.")
	case r.PidsLimit != nil && (*r.PidsLimit <= 0 || *r.PidsLimit > maxPIDs):
		return forbidden("A container of this lab may have %d processes at most. Write a lower --pids-limit.", maxPIDs)
	case r.CgroupParent != "" || len(r.Devices)+len(r.DeviceRequests)+len(r.DeviceCgroupRules) > 0:
		return forbidden("A container of this lab has no devices and no control group of another.")
	}
	return nil
}
