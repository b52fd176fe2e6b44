package kafka

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// maxFrame bounds one request or answer, in bytes.
const maxFrame = 16 << 20

// tapConn is one connection of a program, and the one to the broker that
// belongs to it.
type tapConn struct {
	tap            *Tap
	client, broker net.Conn
	mutex          sync.Mutex
	asked          map[int32]request // by correlation ID
	replies        sync.Mutex
}

func (p *tapConn) close(error) {
	p.client.Close()
	p.broker.Close()
}

func (p *tapConn) forwardRequests() error {
	for {
		frame, err := readFrame(p.client)
		if err != nil {
			return err
		}
		r, rest, err := readHeader(frame)
		if err != nil {
			return err
		}
		if !p.tap.saw(r, rest) {
			continue
		}
		refused, passes := p.tap.refused(r, rest)
		if refused != nil && !passes {
			if err := p.answer(r, rest, refused); err != nil {
				return err
			}
			continue
		}
		r.refused = refused
		p.mutex.Lock()
		p.asked[r.id] = r
		p.mutex.Unlock()
		if err := writeFrame(p.broker, frame); err != nil {
			return err
		}
	}
}

func (p *tapConn) forwardAnswers() error {
	for {
		frame, err := readFrame(p.broker)
		if err != nil {
			return err
		}
		if len(frame) < 4 {
			return errors.New("an answer without a header")
		}
		id := int32(binary.BigEndian.Uint32(frame))
		p.mutex.Lock()
		r, known := p.asked[id]
		delete(p.asked, id)
		p.mutex.Unlock()
		switch {
		case known && r.refused != nil:
			frame = frameOf(r, r.refused)
		case known:
			frame = append(frame[:4:4], redirect(r, frame[4:], p.tap.Address)...)
		}
		if known && r.key == kmsg.Produce {
			p.tap.answer()
		}
		if err := p.reply(frame); err != nil {
			return err
		}
	}
}

// answer answers a request in the broker's place.
func (p *tapConn) answer(r request, rest kbin.Reader, with kmsg.Response) error {
	if !answered(r.body(rest)) {
		return nil
	}
	return p.reply(frameOf(r, with))
}

// frameOf is an answer to the request, with its header.
func frameOf(r request, with kmsg.Response) []byte {
	frame := binary.BigEndian.AppendUint32(nil, uint32(r.id))
	if with.IsFlexible() {
		frame = append(frame, 0) // no tags in the header
	}
	return with.AppendTo(frame)
}

// reply sends one answer to the program: whole, whoever answers at the same
// time.
func (p *tapConn) reply(frame []byte) error {
	p.replies.Lock()
	defer p.replies.Unlock()
	return writeFrame(p.client, frame)
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
