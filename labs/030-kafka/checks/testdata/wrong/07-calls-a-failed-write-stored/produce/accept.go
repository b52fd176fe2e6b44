package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"log/slog"

	"shop/event"
)

// maxLine is how long a line may be, in bytes. Without a limit one line could
// fill the memory.
const maxLine = 1 << 20

var errTooLong = errors.New("the line is too long")

// accept answers each line at once, and never waits for Kafka. A line that is
// no event is rejected, and the next one is read all the same.
func accept(in io.Reader, queue *queue) error {
	lines := bufio.NewReaderSize(in, maxLine+1) // and the newline
	for number := 1; ; number++ {
		line, err := nextLine(lines)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errTooLong):
			reject(number, err)
			continue
		case err != nil:
			return err
		}
		e, err := event.Parse(line)
		if err != nil {
			reject(number, err)
			continue
		}
		if !queue.enter() {
			event.Say(map[string]string{"refused": e.ID})
			continue
		}
		event.Say(map[string]string{"accepted": e.ID})
		queue.put(pending{id: e.ID, message: message(e, line)})
	}
}

// reject answers a line that is no event. It has no id, so its number says
// which it is.
func reject(number int, why error) {
	slog.Warn("not an event", "line", number, "err", why)
	event.Say(map[string]int{"rejected": number})
}

// nextLine returns the next line, or io.EOF. It is valid until the next call. A
// line that is too long is read to its end, so that the next one can be read.
func nextLine(in *bufio.Reader) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return nil, skipLine(in)
	}
	if errors.Is(err, io.EOF) && len(line) > 0 {
		err = nil // the last line may lack its newline
	}
	return bytes.TrimRight(line, "\r\n"), err
}

// skipLine reads to the end of a line that is too long.
func skipLine(in *bufio.Reader) error {
	for {
		switch _, err := in.ReadSlice('\n'); {
		case err == nil, errors.Is(err, io.EOF):
			return errTooLong
		case !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
	}
}
