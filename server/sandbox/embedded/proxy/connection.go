package proxy

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// inFlight is how many chunks of an answer may be on their way through a slow
// proxy, so that a delay costs time and not throughput.
const inFlight = 64

// connection is one client's connection and the one to the process for it.
type connection struct {
	client, server net.Conn
}

// copy passes bytes both ways until both have ended. What the client sends
// goes at once; what the process answers waits for the delay.
func (l *connection) copy(delay *atomic.Int64) {
	defer l.client.Close()
	defer l.server.Close()
	var ways sync.WaitGroup
	ways.Go(func() {
		_, err := io.Copy(l.server, l.client)
		end(l.server, err)
	})
	ways.Go(func() {
		err := copyDelayed(l.client, l.server, delay)
		end(l.client, err)
	})
	ways.Wait()
}

// reset ends both connections the hard way, as a killed process would.
func (l *connection) reset() {
	reset(l.client)
	reset(l.server)
}

func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	conn.Close()
}

// end passes the end of one direction on. An error, unlike an end, concerns
// both directions.
func end(to net.Conn, err error) {
	if err != nil {
		reset(to)
		return
	}
	if tcp, ok := to.(*net.TCPConn); ok {
		tcp.CloseWrite()
	}
}

type chunk struct {
	bytes []byte
	due   time.Time
}

// copyDelayed copies from src to dst, each chunk later by the delay of its time.
func copyDelayed(dst io.Writer, src io.Reader, delay *atomic.Int64) error {
	chunks := make(chan chunk, inFlight)
	written := make(chan error, 1)
	go func() { written <- deliver(dst, chunks) }()
	err := collect(chunks, src, delay)
	close(chunks)
	if failed := <-written; failed != nil {
		return failed
	}
	return err
}

func collect(chunks chan<- chunk, src io.Reader, delay *atomic.Int64) error {
	buffer := make([]byte, 32<<10)
	for {
		n, err := src.Read(buffer)
		if n > 0 {
			due := time.Now().Add(time.Duration(delay.Load()))
			chunks <- chunk{append([]byte(nil), buffer[:n]...), due}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// deliver writes until chunks is closed. After a failed write it throws the
// rest away, so that the collector is never left waiting.
func deliver(dst io.Writer, chunks <-chan chunk) error {
	var failed error
	for c := range chunks {
		if failed != nil {
			continue
		}
		if wait := time.Until(c.due); wait > 0 {
			time.Sleep(wait)
		}
		_, failed = dst.Write(c.bytes)
	}
	return failed
}
