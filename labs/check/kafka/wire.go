package kafka

import (
	"errors"
	"net"
	"strconv"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// request is what a request's header says.
type request struct {
	key     kmsg.Key
	version int16
	id      int32
	refused kmsg.Response // the answer in place of the broker's, where that is not to arrive
}

// readHeader reads what a frame of a program begins with, and returns what
// comes after it: the client's ID, and the request itself.
func readHeader(frame []byte) (request, kbin.Reader, error) {
	reader := kbin.Reader{Src: frame}
	r := request{key: kmsg.Key(reader.Int16()), version: reader.Int16(), id: reader.Int32()}
	if !reader.Ok() {
		return r, reader, errors.New("a request without a header")
	}
	return r, reader, nil
}

// body reads the request itself; it is nil where that cannot be read.
func (r request) body(rest kbin.Reader) kmsg.Request {
	body := kmsg.RequestForKey(int16(r.key))
	if body == nil || r.version < 0 || r.version > body.MaxVersion() {
		return nil
	}
	body.SetVersion(r.version)
	rest.NullableString() // client ID
	if body.IsFlexible() {
		kmsg.SkipTags(&rest)
	}
	if !rest.Ok() || body.ReadFrom(rest.Src) != nil {
		return nil
	}
	return body
}

// answer is an answer that tells a program whom to talk to.
type answer interface {
	MaxVersion() int16
	IsFlexible() bool
	ReadFrom([]byte) error
	AppendTo([]byte) []byte
}

// redirect puts the tap's address in place of the broker's, where an answer
// tells a program whom to talk to. One that it cannot read stays as it is.
func redirect(r request, body []byte, address string) []byte {
	host, port, ok := split(address)
	if !ok {
		return body
	}
	switch r.key {
	case kmsg.Metadata:
		metadata := &kmsg.MetadataResponse{Version: r.version}
		return rewrite(r, body, metadata, func() {
			for i := range metadata.Brokers {
				metadata.Brokers[i].Host, metadata.Brokers[i].Port = host, port
			}
		})
	case kmsg.FindCoordinator:
		found := &kmsg.FindCoordinatorResponse{Version: r.version}
		return rewrite(r, body, found, func() {
			found.Host, found.Port = host, port
			for i := range found.Coordinators {
				found.Coordinators[i].Host, found.Coordinators[i].Port = host, port
			}
		})
	}
	return body
}

// rewrite reads the answer, changes it and writes it again.
func rewrite(r request, body []byte, a answer, change func()) []byte {
	reader := kbin.Reader{Src: body}
	if a.IsFlexible() {
		kmsg.SkipTags(&reader) // of the header
	}
	header := body[:len(body)-len(reader.Src)]
	if r.version < 0 || r.version > a.MaxVersion() || !reader.Ok() || a.ReadFrom(reader.Src) != nil {
		return body
	}
	change()
	return a.AppendTo(append([]byte(nil), header...))
}

func split(address string) (host string, port int32, ok bool) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, false
	}
	number, err := strconv.ParseInt(text, 10, 32)
	return host, int32(number), err == nil
}
