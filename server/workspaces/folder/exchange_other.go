//go:build !linux && !darwin

package folder

import (
	"errors"
	"os"
)

// exchange would have two files change places in one step: not here.
func exchange(*os.Root, string, string) error { return errors.ErrUnsupported }
