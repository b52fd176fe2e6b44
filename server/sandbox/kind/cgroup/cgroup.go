// Package cgroup thaws what Linux's control groups of version 1 hold frozen
// inside a container. Elsewhere, and with version 2, where a frozen process can
// be killed, it does nothing. It knows nothing of clusters.
package cgroup
