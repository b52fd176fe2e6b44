package engine

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"
)

// Run runs a command in a container that runs, and returns what it printed on
// its standard output. A command that fails is an error with its complaints.
func (e *Engine) Run(ctx context.Context, container string, command ...string) (string, error) {
	made, err := e.ExecCreate(ctx, container, client.ExecCreateOptions{Cmd: command, AttachStdout: true, AttachStderr: true})
	if err != nil {
		return "", Translate(err)
	}
	attached, err := e.ExecAttach(ctx, made.ID, client.ExecAttachOptions{})
	if err != nil {
		return "", Translate(err)
	}
	defer attached.Close()
	defer context.AfterFunc(ctx, attached.Close)()
	var out, complaints bytes.Buffer
	if _, err := stdcopy.StdCopy(&out, &complaints, attached.Reader); err != nil && err != io.EOF {
		return "", err
	}
	ended, err := e.ExecInspect(ctx, made.ID, client.ExecInspectOptions{})
	if err == nil && ended.ExitCode != 0 {
		err = fmt.Errorf("exit status %d: %s", ended.ExitCode, complaints.String())
	}
	if err != nil {
		return "", err
	}
	return out.String(), nil
}
