// Package socket connects a page with a terminal over a WebSocket. It knows
// neither who may have one, nor what a terminal is of.
package socket

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coder/websocket"

	"cnalab/labs"
	"cnalab/server/site/httperror"
)

// Bounds of one page's socket to a terminal.
const (
	mostTyped  = 64 << 10 // bytes of one message; scripts send what is pasted in pieces
	mostSent   = 16 << 10
	touchEvery = time.Minute
	heartbeat  = 15 * time.Second
	stuck      = 5 * time.Second // a page that takes nothing for so long is let go
)

// Terminal is what a page types into.
type Terminal interface {
	// Write types bytes, and does not wait until they are read.
	Write(p []byte) error
	Resize(columns, rows int) error
}

// Screen is a page's look at a terminal.
type Screen interface {
	// From is the place where it begins, Behind the one up to which everything
	// was printed before.
	From() int64
	Behind() int64
	// Next waits for what is printed, in a part of p; io.EOF means that the
	// shell has ended. It waits too while too much has not been Shown.
	Next(ctx context.Context, p []byte) ([]byte, error)
	Shown(place int64)
	// Why is a word for why the shell has ended.
	Why() string
	Close()
}

// Socket is a page's connection to a terminal. Bytes go as binary messages in both
// directions, and what is said about them as JSON: the page tells its size and
// how far it has shown what it got, the server where it begins and how it ends.
type Socket struct {
	Translate func(english string) string // into the learner's language

	connection *websocket.Conn
	terminal   Terminal
	screen     Screen
	touch      func()
	touched    time.Time
}

// Accept makes a socket of the request. What it returns has been answered.
func Accept(w http.ResponseWriter, r *http.Request) (*Socket, error) {
	connection, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return nil, err
	}
	connection.SetReadLimit(mostTyped)
	return &Socket{Translate: func(english string) string { return english }, connection: connection}, nil
}

// Serve connects the socket until the shell ends, the page leaves, ctx ends or
// stopped is closed. It calls touch now and then while somebody types.
func (s *Socket) Serve(ctx context.Context, t Terminal, screen Screen, touch func(), stopped <-chan struct{}) {
	defer s.connection.CloseNow()
	s.terminal, s.screen, s.touch = t, screen, touch
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var loops sync.WaitGroup
	defer loops.Wait()
	defer cancel()
	loops.Go(func() { defer cancel(); s.readLoop(ctx) })
	loops.Go(func() { defer cancel(); s.alive(ctx, stopped) })
	s.writeLoop(ctx)
}

// message is what goes over the socket beside bytes.
type message struct {
	// From the page.
	Size  *[2]int `json:"size,omitempty"`  // columns and rows
	Shown *int64  `json:"shown,omitempty"` // the place up to which it has shown the bytes

	// To the page.
	From   *int64 `json:"from,omitempty"`   // the place of the first byte
	Behind *int64 `json:"behind,omitempty"` // up to this place it was printed before
	Ended  string `json:"ended,omitempty"`  // why the shell has ended
	Say    string `json:"say,omitempty"`    // something went wrong
}

// writeLoop sends what is printed until the shell or the socket ends.
func (s *Socket) writeLoop(ctx context.Context) {
	from, behind := s.screen.From(), s.screen.Behind()
	if s.send(ctx, message{From: &from, Behind: &behind}) != nil {
		return
	}
	buffer := make([]byte, mostSent)
	for {
		bytes, err := s.screen.Next(ctx, buffer)
		switch {
		case errors.Is(err, io.EOF):
			_ = s.send(ctx, message{Ended: s.screen.Why()}) // it has left if this fails
			_ = s.connection.Close(websocket.StatusNormalClosure, "")
			return
		case err == nil:
			err = s.write(ctx, websocket.MessageBinary, bytes)
		}
		if err != nil {
			return
		}
	}
}

func (s *Socket) send(ctx context.Context, what message) error {
	text, _ := json.Marshal(what) // plain values encode
	return s.write(ctx, websocket.MessageText, text)
}

// write gives up on a page that takes nothing.
func (s *Socket) write(ctx context.Context, kind websocket.MessageType, p []byte) error {
	ctx, cancel := context.WithTimeout(ctx, stuck)
	defer cancel()
	return s.connection.Write(ctx, kind, p)
}

// readLoop reads what the page types and asks for.
func (s *Socket) readLoop(ctx context.Context) {
	for {
		kind, p, err := s.connection.Read(ctx)
		if err != nil {
			return
		}
		if kind == websocket.MessageBinary {
			err = s.typed(p)
		} else {
			err = s.asked(p)
		}
		if err != nil && s.send(ctx, message{Say: s.problem(err)}) != nil {
			return
		}
	}
}

// problem is what went wrong, in the learner's language.
func (s *Socket) problem(err error) string {
	p := labs.AsProblem(err)
	return s.Translate(p.Say) + " " + s.Translate(p.Next)
}

// typed passes on what was typed. Whoever types uses the lab.
func (s *Socket) typed(p []byte) error {
	if time.Since(s.touched) > touchEvery {
		s.touched = time.Now()
		s.touch()
	}
	return s.terminal.Write(p)
}

func (s *Socket) asked(p []byte) error {
	var what message
	if err := json.Unmarshal(p, &what); err != nil {
		return httperror.BadForm(err)
	}
	if what.Shown != nil {
		s.screen.Shown(*what.Shown)
	}
	if what.Size != nil {
		return s.terminal.Resize(what.Size[0], what.Size[1])
	}
	return nil
}

// alive asks from time to time whether the page is still there, and ends the
// socket when all are stopped.
func (s *Socket) alive(ctx context.Context, stopped <-chan struct{}) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-stopped:
			return
		case <-beat.C:
			asked, cancel := context.WithTimeout(ctx, heartbeat)
			err := s.connection.Ping(asked)
			cancel()
			if err != nil {
				return
			}
		}
	}
}
