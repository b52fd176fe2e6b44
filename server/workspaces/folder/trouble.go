package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"cnalab/labs"
)

// Trouble turns an error of the file system into a problem. doing is what
// did not happen: "order/main.go was not saved".
func Trouble(doing, folder string, err error) error {
	p := &labs.Problem{Kind: labs.Machine, Err: err}
	switch {
	case errors.As(err, new(*labs.Problem)), errors.Is(err, context.Canceled):
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT), errors.Is(err, syscall.EFBIG):
		p.Say = fmt.Sprintf("The disk is full, so %s.", doing)
		p.Next = fmt.Sprintf("Free some space where %s is, then do it again; what was there is as it was.", folder)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		p.Say = fmt.Sprintf("You may not write to %s, so %s.", folder, doing)
		p.Next = "Give yourself access to that folder, or choose another with --data DIR."
	case labs.OutOfFiles(err):
		p.Say, p.Next = fmt.Sprintf("Too many files are open, so %s.", doing), labs.OpenFewer
	default:
		p.Say = fmt.Sprintf("The file system refused, so %s.", doing)
		p.Next = fmt.Sprintf("Look at %s; what was there is as it was.", folder)
	}
	return p
}
