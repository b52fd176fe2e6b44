package labs

import "regexp"

// folderName is the form of a lab folder's name: number, dash, id.
var folderName = regexp.MustCompile(`^(\d+)-([a-z0-9]+(?:-[a-z0-9]+)*)$`)

// ParseFolder takes the name of a lab's folder apart: 040-event-driven.
func ParseFolder(name string) (number, id string, ok bool) {
	parts := folderName.FindStringSubmatch(name)
	if parts == nil {
		return "", "", false
	}
	return parts[1], parts[2], true
}
