package load

import (
	"fmt"

	"cnalab/labs"
)

// IsFolder reports whether a folder of that name is meant to be a lab.
func IsFolder(name string) bool { return name != "" && name[0] >= '0' && name[0] <= '9' }

// Shared tells of an id or a number that an earlier lab already bears.
func Shared(folder string, owners map[string]string) []labs.Violation {
	number, id, ok := labs.ParseFolder(folder)
	if !ok {
		return nil
	}
	var found []labs.Violation
	for what, value := range map[string]string{"number": number, "id": id} {
		if owner := owners[what+value]; owner != "" {
			found = append(found, labs.Violation{File: folder, Value: value,
				Rule: fmt.Sprintf("no two labs have the same %s", what),
				Fix:  fmt.Sprintf("Rename this folder or %s.", owner)})
		}
		owners[what+value] = folder
	}
	return found
}
