package site

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"

	"cnalab/labs"
)

// Bounds of one page's socket to a terminal.
const (
	mostTyped  = 64 << 10 // bytes of one message; scripts send what is pasted in pieces
	mostSent   = 16 << 10
	touchEvery = time.Minute
)

// socket is a page's connection to a terminal. Bytes go as binary messages in both
// directions, and what is said about them as JSON: the page tells its size and
// how far it has shown what it got, the server where it begins and how it ends.
func (s *Site) socket(w http.ResponseWriter, r *http.Request) error {
	if !sameOrigin(r) {
		return foreignOrigin()
	}
	lab, t, err := s.terminal(r)
	if err != nil {
		return err
	}
	seen, err := strconv.ParseInt(r.URL.Query().Get("seen"), 10, 64)
	if err != nil {
		seen = -1
	}
	connection, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		s.Log.Debug("open terminal", "err", err)
		return nil // it has been answered
	}
	defer connection.CloseNow()
	connection.SetReadLimit(mostTyped)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	l := &socket{site: s, lab: lab, terminal: t, screen: t.Attach(seen), socket: connection, cancel: cancel}
	defer l.screen.Close()
	var loops sync.WaitGroup
	defer loops.Wait()
	defer cancel()
	loops.Go(func() { defer cancel(); l.readLoop(ctx) })
	loops.Go(func() { defer cancel(); l.alive(ctx) })
	l.writeLoop(ctx)
	return nil
}

// sameOrigin lets in our own pages, and programs that bring the key in a
// header. The rule for other requests spares those that only ask, and this
// one types; a browser names the origin of each socket.
func sameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		return false
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		return strings.EqualFold(origin, "http://"+r.Host)
	}
	return r.Header.Get("Authorization") != ""
}

// socket is one open connection.
type socket struct {
	site     *Site
	lab      *labs.Lab
	terminal Terminal
	screen   Screen
	socket   *websocket.Conn
	cancel   context.CancelFunc
	touched  time.Time
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
func (l *socket) writeLoop(ctx context.Context) {
	from, behind := l.screen.From(), l.screen.Behind()
	if l.send(ctx, message{From: &from, Behind: &behind}) != nil {
		return
	}
	buffer := make([]byte, mostSent)
	for {
		bytes, err := l.screen.Next(ctx, buffer)
		switch {
		case errors.Is(err, io.EOF):
			_ = l.send(ctx, message{Ended: l.screen.Why()}) // it has left if this fails
			_ = l.socket.Close(websocket.StatusNormalClosure, "")
			return
		case err == nil:
			err = l.write(ctx, websocket.MessageBinary, bytes)
		}
		if err != nil {
			return
		}
	}
}

func (l *socket) send(ctx context.Context, what message) error {
	text, _ := json.Marshal(what) // plain values encode
	return l.write(ctx, websocket.MessageText, text)
}

// write gives up on a page that takes nothing.
func (l *socket) write(ctx context.Context, kind websocket.MessageType, p []byte) error {
	ctx, cancel := context.WithTimeout(ctx, stuck)
	defer cancel()
	return l.socket.Write(ctx, kind, p)
}

// readLoop takes what the page types and asks for.
func (l *socket) readLoop(ctx context.Context) {
	for {
		kind, p, err := l.socket.Read(ctx)
		if err != nil {
			return
		}
		if kind == websocket.MessageBinary {
			err = l.typed(p)
		} else {
			err = l.asked(p)
		}
		if err != nil && l.send(ctx, message{Say: labs.AsProblem(err).Say + " " + labs.AsProblem(err).Next}) != nil {
			return
		}
	}
}

// typed passes on what was typed. Whoever types uses the lab.
func (l *socket) typed(p []byte) error {
	if time.Since(l.touched) > touchEvery {
		l.touched = time.Now()
		l.site.Session(l.lab).Touch()
	}
	return l.terminal.Write(p)
}

func (l *socket) asked(p []byte) error {
	var what message
	if err := json.Unmarshal(p, &what); err != nil {
		return badForm(err)
	}
	if what.Shown != nil {
		l.screen.Shown(*what.Shown)
	}
	if what.Size != nil {
		return l.terminal.Resize(what.Size[0], what.Size[1])
	}
	return nil
}

// alive asks from time to time whether the page is still there, and ends the
// socket with the site.
func (l *socket) alive(ctx context.Context) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.site.stopped:
			return
		case <-beat.C:
			asked, cancel := context.WithTimeout(ctx, heartbeat)
			err := l.socket.Ping(asked)
			cancel()
			if err != nil {
				return
			}
		}
	}
}
