package kafka

import (
	"encoding/binary"
	"net"
	"strconv"
)

// wire reads the beginning of a message of Kafka's protocol; bad is set where
// the message is shorter than it should be.
type wire struct {
	rest []byte
	bad  bool
}

func (w *wire) take(n int) []byte {
	if n < 0 || n > len(w.rest) {
		w.bad = true
		w.rest = nil
		return make([]byte, 4)
	}
	taken := w.rest[:n]
	w.rest = w.rest[n:]
	return taken
}

func (w *wire) int16() int16 { return int16(binary.BigEndian.Uint16(w.take(2))) }
func (w *wire) int32() int32 { return int32(binary.BigEndian.Uint32(w.take(4))) }

// text skips a string, which may be null, and returns it as it was encoded.
func (w *wire) text() []byte {
	whole := w.rest
	n := int(w.int16())
	w.take(max(n, 0))
	if w.bad {
		return nil
	}
	return whole[:2+max(n, 0)]
}

// readAcks finds in a produce request whose acknowledgement it asks for.
func readAcks(r request, frame []byte) (int, bool) {
	w := wire{rest: frame[8:]}
	w.text() // client ID
	if r.version >= 9 {
		return 0, false // encoded in another way
	}
	if r.version >= 3 {
		w.text() // transactional ID
	}
	acks := w.int16()
	return int(acks), !w.bad
}

// redirect puts the tap's address in place of the broker's, where an answer
// tells a program whom to talk to.
func redirect(r request, answer []byte, address string) []byte {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return answer
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return answer
	}
	place := append(binary.BigEndian.AppendUint16(nil, uint16(len(host))), host...)
	place = binary.BigEndian.AppendUint32(place, uint32(number))
	changed := answer
	switch {
	case r.api == apiMetadata && r.version < 9:
		changed = redirectBrokers(r, answer, place)
	case r.api == apiFindCoordinator && r.version < 3:
		changed = redirectCoordinator(r, answer, place)
	}
	if changed == nil {
		return answer
	}
	return changed
}

// redirectBrokers changes the list of brokers that metadata begins with. It
// returns nothing where it cannot read it.
func redirectBrokers(r request, answer, place []byte) []byte {
	w := wire{rest: answer}
	var out []byte
	if r.version >= 3 {
		out = append(out, w.take(4)...) // throttle time
	}
	brokers := w.int32()
	out = binary.BigEndian.AppendUint32(out, uint32(brokers))
	for i := int32(0); i < brokers && !w.bad; i++ {
		out = append(append(out, w.take(4)...), place...)
		w.text() // host
		w.take(4)
		if r.version >= 1 {
			out = append(out, w.text()...) // rack
		}
	}
	if w.bad {
		return nil
	}
	return append(out, w.rest...)
}

// redirectCoordinator changes the one broker that is named.
func redirectCoordinator(r request, answer, place []byte) []byte {
	w := wire{rest: answer}
	var out []byte
	if r.version >= 1 {
		out = append(out, w.take(4)...) // throttle time
	}
	out = append(out, w.take(2)...) // error code
	if r.version >= 1 {
		out = append(out, w.text()...) // error message
	}
	out = append(append(out, w.take(4)...), place...)
	w.text() // host
	w.take(4)
	if w.bad {
		return nil
	}
	return append(out, w.rest...)
}
