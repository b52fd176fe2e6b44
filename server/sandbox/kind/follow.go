package kind

import (
	"context"
	"io"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"
)

// nodeJournal prints what a node's kubelet and containerd log, and ends with its
// input: else it would run on in the node when nobody reads it any more.
const nodeJournal = `journalctl --follow --lines 100 --no-pager --output short-iso-precise -u kubelet -u containerd & cat >/dev/null; kill $!`

// follow passes on what the node logs until done is closed.
func (c *cluster) follow(name string, output io.Writer, done <-chan struct{}) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	made, err := c.engine.ExecCreate(ctx, name, client.ExecCreateOptions{Cmd: []string{"sh", "-c", nodeJournal},
		AttachStdin: true, AttachStdout: true, AttachStderr: true})
	if err != nil {
		return // it has ended already
	}
	attached, err := c.engine.ExecAttach(ctx, made.ID, client.ExecAttachOptions{})
	if err != nil {
		return
	}
	go func() { <-done; attached.Close() }()
	stdcopy.StdCopy(output, output, attached.Reader)
}
