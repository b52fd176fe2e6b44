package docker

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
)

// Exec runs a command in the container, and returns what it printed and its
// exit status.
func (t *Container) Exec(command ...string) (output string, status int) {
	t.d.c.Helper()
	var made struct{ ID string }
	t.d.must(http.MethodPost, "/containers/"+t.ID+"/exec", map[string]any{"Cmd": command, "AttachStdout": true, "AttachStderr": true}, &made)
	output, err := t.d.attach(made.ID)
	t.d.answers(err)
	var ended struct{ ExitCode int }
	t.d.must(http.MethodGet, "/exec/"+made.ID+"/json", nil, &ended)
	return output, ended.ExitCode
}

// attach starts a command, and reads what it prints until it ends.
func (d *Client) attach(id string) (output string, err error) {
	ctx, cancel := context.WithTimeout(d.c.Context, timeout)
	defer cancel()
	how, err := json.Marshal(map[string]bool{"Detach": false})
	if err != nil {
		return "", err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://docker/v1.41/exec/"+id+"/start", bytes.NewReader(how))
	if err != nil {
		return "", err
	}
	// As docker does it: else the engine may end the connection before all is
	// through that was printed.
	for name, value := range map[string]string{"Content-Type": "application/json", "Connection": "Upgrade", "Upgrade": "tcp"} {
		req.Header.Set(name, value)
	}
	answer, err := d.answered(req)
	if err != nil {
		return "", err
	}
	defer answer.Close()
	raw, err := io.ReadAll(io.LimitReader(answer, 1<<20))
	return textLog(raw), err
}
