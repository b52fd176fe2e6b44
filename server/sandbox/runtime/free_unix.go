//go:build unix

package runtime

import "golang.org/x/sys/unix"

// free is how many bytes we may still write to the folder's disk.
func free(folder string) (uint64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(folder, &disk); err != nil {
		return 0, err
	}
	return uint64(disk.Bavail) * uint64(disk.Bsize), nil
}
