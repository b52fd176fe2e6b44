package labs

import "io/fs"

// Validate tells every broken rule of one lab's folder at once. fixtures is
// the folder of services that stand in where a lab brings none; nil where
// there is none.
func Validate(dir string, fixtures fs.FS) []Violation {
	_, found := Read(dir)
	return found
}

// ValidateAll validates each lab below dir, and what they must not share.
func ValidateAll(dir string, fixtures fs.FS) []Violation {
	return nil
}
