package check

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"
)

// What the tap knows of Kafka's protocol.
const (
	apiProduce         = 0
	apiMetadata        = 3
	apiOffsetCommit    = 8
	apiFindCoordinator = 10

	maxFrame = 16 << 20 // bytes of one request or answer
)

// Tap stands between a program and the broker. It sees what the program asks
// for, and can hold back what would be said too soon to be seen. It knows the
// protocol's versions that kafka-go speaks.
type Tap struct {
	Address string // give it to the program as KAFKA

	broker   string
	mutex    sync.Mutex
	conns    []net.Conn
	acks     map[int]int
	answered int
	late     time.Duration
	holds    bool
	held     int
}

// Tap opens a tap that lasts as long as the check.
func (k *Kafka) Tap() *Tap {
	k.c.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	k.c.Must(err, "The check could not listen on loopback.")
	t := &Tap{Address: listener.Addr().String(), broker: k.Address, acks: map[int]int{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.serve(listener)
	}()
	k.c.Cleanup(func() {
		listener.Close()
		t.closeAll()
		<-done
	})
	return t
}

// Acks counts the produce requests by the acknowledgements they asked for: 0
// for none, 1 for the leader's, -1 for those of all replicas.
func (t *Tap) Acks() map[int]int {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	acks := map[int]int{}
	for kind, n := range t.acks {
		acks[kind] = n
	}
	return acks
}

// Answered counts the answers to produce requests that the program got.
func (t *Tap) Answered() int {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.answered
}

// Delay lets the answers to produce requests come later.
func (t *Tap) Delay(by time.Duration) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.late = by
}

// HoldCommits keeps commits from the broker: none arrives, none is answered.
func (t *Tap) HoldCommits() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.holds = true
}

// Held counts the commits that were kept from the broker.
func (t *Tap) Held() int {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.held
}

func (t *Tap) serve(listener net.Listener) {
	var serving sync.WaitGroup
	defer serving.Wait()
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		broker, err := net.DialTimeout("tcp", t.broker, 2*time.Second)
		if err != nil {
			client.Close()
			continue
		}
		t.mutex.Lock()
		t.conns = append(t.conns, client, broker)
		t.mutex.Unlock()
		l := &line{tap: t, client: client, broker: broker, asked: map[uint32]request{}}
		serving.Go(func() { l.close(l.requests()) })
		serving.Go(func() { l.close(l.answers()) })
	}
}

func (t *Tap) closeAll() {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for _, conn := range t.conns {
		conn.Close()
	}
}

// saw notes a request, and reports whether it may pass.
func (t *Tap) saw(r request, frame []byte) bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	switch r.api {
	case apiProduce:
		if acks, ok := readAcks(r, frame); ok {
			t.acks[acks]++
		}
	case apiOffsetCommit:
		if t.holds {
			t.held++
			return false
		}
	}
	return true
}

// answer waits until an answer to a produce request may pass.
func (t *Tap) answer() {
	t.mutex.Lock()
	late := t.late
	t.mutex.Unlock()
	time.Sleep(late)
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.answered++
}

// line is one connection of a program, and its twin to the broker.
type line struct {
	tap            *Tap
	client, broker net.Conn
	mutex          sync.Mutex
	asked          map[uint32]request // by correlation ID
}

// request is what a request's header says.
type request struct {
	api, version uint16
	id           uint32
}

func (l *line) close(error) {
	l.client.Close()
	l.broker.Close()
}

func (l *line) requests() error {
	for {
		frame, err := readFrame(l.client)
		if err != nil {
			return err
		}
		if len(frame) < 8 {
			return errors.New("a request without a header")
		}
		r := request{binary.BigEndian.Uint16(frame), binary.BigEndian.Uint16(frame[2:]), binary.BigEndian.Uint32(frame[4:])}
		l.mutex.Lock()
		l.asked[r.id] = r
		l.mutex.Unlock()
		if !l.tap.saw(r, frame) {
			continue
		}
		if err := writeFrame(l.broker, frame); err != nil {
			return err
		}
	}
}

func (l *line) answers() error {
	for {
		frame, err := readFrame(l.broker)
		if err != nil {
			return err
		}
		if len(frame) < 4 {
			return errors.New("an answer without a header")
		}
		id := binary.BigEndian.Uint32(frame)
		l.mutex.Lock()
		r, known := l.asked[id]
		delete(l.asked, id)
		l.mutex.Unlock()
		if known {
			frame = append(frame[:4:4], redirect(r, frame[4:], l.tap.Address)...)
		}
		if known && r.api == apiProduce {
			l.tap.answer()
		}
		if err := writeFrame(l.client, frame); err != nil {
			return err
		}
	}
}

func readFrame(r io.Reader) ([]byte, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxFrame {
		return nil, fmt.Errorf("a frame of %d bytes", n)
	}
	frame := make([]byte, n)
	_, err := io.ReadFull(r, frame)
	return frame, err
}

func writeFrame(w io.Writer, frame []byte) error {
	_, err := w.Write(slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(len(frame))), frame))
	return err
}
