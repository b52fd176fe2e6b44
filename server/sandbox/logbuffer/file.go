package logbuffer

import "os"

// fileBytes is how large a log file grows before it becomes the old one. With
// the old one, a part's logs take twice that.
const fileBytes = 2 << 20

// file is a log file and the one before it. A disk that is full costs the log
// and nothing else, so its errors are not passed on.
type file struct {
	path string
	open *os.File
	size int
}

func (f *file) write(line string) {
	if f.open == nil {
		f.open, _ = os.OpenFile(f.path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	}
	if f.open == nil {
		return
	}
	n, _ := f.open.WriteString(line + "\n")
	f.size += n
	if f.size > fileBytes {
		f.close()
		os.Rename(f.path, f.path+".old")
	}
}

func (f *file) close() error {
	if f.open == nil {
		return nil
	}
	err := f.open.Close()
	f.open, f.size = nil, 0
	return err
}
