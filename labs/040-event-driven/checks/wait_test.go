//go:build lab

package checks

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"cnalab/labs/check"
)

// How long what a step asks for may take to be seen. The chain of services
// may have to wait for a killed member of a group to be noticed.
const (
	soon  = 2 * time.Second // one service did it, after an answer
	chain = 6 * time.Second // services react to each other

	// They do after Kafka was away: a client gives a request up after ten
	// seconds whose answer was lost with the connection.
	recovery = 18 * time.Second
)

// kafkaBack is when Kafka came back after a check of this run had stopped it,
// in nanoseconds since 1970.
var kafkaBack atomic.Int64

// outage is a fault of Kafka.
type outage struct{ *check.Fault }

// kafka is what stops Kafka, for a service that runs on meanwhile, and heals it.
func (s *shop) kafka() outage {
	s.Helper()
	s.Cleanup(noteKafkaBack) // after the fault's own, which heals what is broken still
	return outage{s.Fault("kafka")}
}

func (o outage) Heal() {
	o.Fault.Heal()
	noteKafkaBack()
}

func noteKafkaBack() { kafkaBack.Store(time.Now().UnixNano()) }

// orRecovery is the time, or what is left of the recovery where that is more.
func orRecovery(within time.Duration) time.Duration {
	return max(within, time.Until(time.Unix(0, kafkaBack.Load()).Add(recovery)))
}

// moment is how long a service is left to do what it will, and should not.
const moment = 150 * time.Millisecond

// eventually waits until look finds nothing to say. Of names whose log is
// shown where it does not; all of them where none is named.
func (s *shop) eventually(within time.Duration, look func() *check.Finding, of ...string) {
	s.Helper()
	if len(of) == 0 {
		of = services
	}
	s.AwaitServices(within, look, of...)
}

// becomes waits until the order has the status.
func (s *shop) becomes(o order, status, at string) {
	s.Helper()
	s.becomesWithin(chain, o, status, at)
}

func (s *shop) becomesWithin(within time.Duration, o order, status, at string) {
	s.Helper()
	s.eventually(orRecovery(within), func() *check.Finding {
		if now := s.find(o.ID); now.Status != status {
			return &check.Finding{
				Say: fmt.Sprintf("An order does not become %s.", status), Got: now.Status, Want: status, At: at,
				Next: fmt.Sprintf("Follow the order's id, %s, through the logs of order, product and delivery.", o.ID),
			}
		}
		return nil
	})
}

// holds waits until the stock of a sku is the quantity; otherwise it is what
// say says of it.
func (s *shop) holds(sku string, quantity int, say, next string) {
	s.Helper()
	s.eventually(orRecovery(chain), func() *check.Finding { return s.held(sku, quantity, say, next) }, "product")
}

// held compares the stock of a sku with the quantity.
func (s *shop) held(sku string, quantity int, say, next string) *check.Finding {
	s.Helper()
	got := s.inStock(sku)
	if got == quantity {
		return nil
	}
	return &check.Finding{
		Say: say, Got: fmt.Sprintf("%d in stock", got), Want: fmt.Sprintf("%d in stock", quantity), At: "product/react.go", Next: next,
	}
}

// stays ends the check as not yet where the stock is not the quantity now.
func (s *shop) stays(sku string, quantity int, say, next string) {
	s.Helper()
	if finding := s.held(sku, quantity, say, next); finding != nil {
		finding.Output = s.LogSince("product")
		s.NotYet(*finding)
	}
}

// ships waits until the order is shipped.
func (s *shop) ships(o order) {
	s.Helper()
	s.eventually(orRecovery(chain), func() *check.Finding {
		if answer := s.delivery.Get("/deliveries/" + o.ID); answer.Status != http.StatusOK {
			return &check.Finding{
				Say: "The order is confirmed, but delivery does not hear of it.", Got: answer.Status, Want: http.StatusOK, At: "order/main.go",
				Next: "delivery waits for OrderConfirmed on the topic orders, with order and address in its data.",
			}
		}
		return nil
	}, "order", "delivery")
}
