package kafka

import (
	"net"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Tap stands between a program and the broker. It sees what the program asks
// for, and can hold back what would be said too soon to be seen. What it cannot
// read passes as it is.
type Tap struct {
	Address string // give it to the program as KAFKA

	broker   string
	mutex    sync.Mutex
	conns    []net.Conn
	acks     map[int]int
	batches  []Batch
	answered int
	late     time.Duration
	holds    map[kmsg.Key]bool
	held     int
	refuses  map[kmsg.Key]refusal
	sessions []time.Duration
}

// Tap opens a tap that lasts as long as the check.
func (k *Client) Tap() *Tap {
	k.c.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	k.c.Must(err, "The check could not listen on loopback.")
	t := &Tap{Address: listener.Addr().String(), broker: k.Address, acks: map[int]int{}, holds: map[kmsg.Key]bool{}, refuses: map[kmsg.Key]refusal{}}
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

// Hold keeps requests of a kind from the broker: none arrives, none is answered.
func (t *Tap) Hold(kind kmsg.Key) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.holds[kind] = true
}

// Held counts the requests that were kept from the broker.
func (t *Tap) Held() int {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.held
}

// Sessions lists the session timeouts with which members asked to join a group.
func (t *Tap) Sessions() []time.Duration {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return slices.Clone(t.sessions)
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
		p := &tapConn{tap: t, client: client, broker: broker, asked: map[int32]request{}}
		serving.Go(func() { p.close(p.forwardRequests()) })
		serving.Go(func() { p.close(p.forwardAnswers()) })
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
func (t *Tap) saw(r request, rest kbin.Reader) bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	switch r.key {
	case kmsg.Produce:
		if produce, ok := r.body(rest).(*kmsg.ProduceRequest); ok {
			t.acks[int(produce.Acks)]++
			t.batches = append(t.batches, batchesOf(produce)...)
		}
	case kmsg.JoinGroup:
		if join, ok := r.body(rest).(*kmsg.JoinGroupRequest); ok {
			t.sessions = append(t.sessions, time.Duration(join.SessionTimeoutMillis)*time.Millisecond)
		}
	}
	if t.holds[r.key] {
		t.held++
	}
	return !t.holds[r.key]
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
