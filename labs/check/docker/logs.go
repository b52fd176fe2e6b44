package docker

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"

	"cnalab/labs/check"
)

// Output is what a finding shows of the container: the last lines it printed.
func (t *Container) Output() string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.d.c.Context), timeout)
	defer cancel()
	answer, err := t.d.send(ctx, http.MethodGet, fmt.Sprintf("/containers/%s/logs?stdout=1&stderr=1&tail=%d", t.ID, check.OutputLines), "", nil)
	if err != nil {
		return err.Error()
	}
	defer answer.Close()
	raw, _ := io.ReadAll(io.LimitReader(answer, 1<<20))
	return textLog(raw)
}

// textLog takes the engine's frames off: a stream's number, three zeros and
// a length before each piece. A container with a terminal has none.
func textLog(raw []byte) string {
	var text bytes.Buffer
	for len(raw) >= 8 && raw[0] <= 2 && raw[1] == 0 && raw[2] == 0 && raw[3] == 0 {
		size := min(int(binary.BigEndian.Uint32(raw[4:8])), len(raw)-8)
		text.Write(raw[8 : 8+size])
		raw = raw[8+size:]
	}
	text.Write(raw)
	return strings.TrimSpace(text.String())
}
