package runtime

import "golang.org/x/sys/windows"

// free is how many bytes we may still write to the folder's disk.
func free(folder string) (bytes uint64, err error) {
	path, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, err
	}
	return bytes, windows.GetDiskFreeSpaceEx(path, &bytes, nil, nil)
}
