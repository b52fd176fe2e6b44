package sandboxtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"cnalab/labs"
	"cnalab/server/sandbox"

	"github.com/jackc/pgx/v5"
	"github.com/segmentio/kafka-go"
)

// env returns a value of the sandbox's environment.
func (s *opened) env(name string) string {
	s.Helper()
	for _, pair := range s.Environment() {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	s.Fatalf("environment has no %s: %q", name, s.Environment())
	return ""
}

// part returns a part as it is now.
func (s *opened) part(name string) sandbox.Part {
	s.Helper()
	for _, p := range s.Parts() {
		if p.Name == name {
			return p
		}
	}
	s.Fatalf("no part %s in %v", name, s.Parts())
	return sandbox.Part{}
}

// is waits until the part is in the state.
func (s *opened) is(name string, want sandbox.State) {
	s.Helper()
	within(s.T, timeout, func() error {
		if got := s.part(name); got.State != want {
			return fmt.Errorf("%s is %q (%s %s), want %q", name, got.State, got.Say, got.Detail, want)
		}
		return nil
	})
}

// get asks a service, on a connection of its own.
func (s *opened) get(service, path string) (string, error) {
	return s.ask(&http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}, service, path)
}

func (s *opened) ask(client *http.Client, service, path string) (string, error) {
	answer, err := client.Get(s.env(labs.EnvService(service)) + path)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d: %s", answer.StatusCode, text)
	}
	return string(text), err
}

// partAnswers asks a part of the shop: a service, or what holds orders where
// there are any.
func (s *opened) partAnswers(part string) (err error) {
	switch part {
	case "kafka":
		_, err = s.count("orders")
	case "postgres":
		_, err = s.query("order", "SELECT count(*)::text FROM orders")
	default:
		_, err = s.get(part, "/")
	}
	return err
}

// says fails unless the service answers the text.
func (s *opened) says(service, path, want string) {
	s.Helper()
	if got, err := s.get(service, path); err != nil || got != want {
		s.Fatalf("%s%s answers %q, %v; want %q", service, path, got, err, want)
	}
}

// query asks a service's database for one text.
func (s *opened) query(service, sql string) (string, error) {
	ctx, cancel := s.asking()
	defer cancel()
	db, err := pgx.Connect(ctx, s.env(labs.EnvDatabase(service)))
	if err != nil {
		return "", err
	}
	defer db.Close(context.Background())
	var text string
	err = db.QueryRow(ctx, sql).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		err = nil
	}
	return text, err
}

// connects tries a connection URL.
func (s *opened) connects(url string) error {
	ctx, cancel := s.asking()
	defer cancel()
	db, err := pgx.Connect(ctx, url)
	if err == nil {
		db.Close(ctx)
	}
	return err
}

// topic makes a topic with one partition.
func (s *opened) topic(name string) error {
	conn, err := s.leaderless()
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.CreateTopics(kafka.TopicConfig{Topic: name, NumPartitions: 1, ReplicationFactor: 1})
}

func (s *opened) leaderless() (*kafka.Conn, error) {
	ctx, cancel := s.asking()
	defer cancel()
	conn, err := kafka.DialContext(ctx, "tcp", s.env(labs.EnvKafka))
	if err != nil {
		return nil, err
	}
	conn.SetDeadline(time.Now().Add(2 * time.Second))
	return conn, nil
}

// produce sends one message and waits until all have it.
func (s *opened) produce(topic, text string) error {
	ctx, cancel := s.asking()
	defer cancel()
	conn, err := kafka.DialLeader(ctx, "tcp", s.env(labs.EnvKafka), topic, 0)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(2 * time.Second))
	conn.SetRequiredAcks(int(kafka.RequireAll))
	_, err = conn.WriteMessages(kafka.Message{Value: []byte(text)})
	return err
}

// count is how many messages the topic holds.
func (s *opened) count(topic string) (int64, error) {
	ctx, cancel := s.asking()
	defer cancel()
	conn, err := kafka.DialLeader(ctx, "tcp", s.env(labs.EnvKafka), topic, 0)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(2 * time.Second))
	return conn.ReadLastOffset()
}

// consume reads one message as a group and commits it.
func (s *opened) consume(topic string) (string, error) {
	ctx, cancel := context.WithTimeout(s.Context(), timeout)
	defer cancel()
	reader := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{s.env(labs.EnvKafka)}, Topic: topic, GroupID: "contract",
		StartOffset: kafka.FirstOffset, MaxWait: 100 * time.Millisecond, RebalanceTimeout: 2 * time.Second})
	defer reader.Close()
	message, err := reader.FetchMessage(ctx)
	if err != nil {
		return "", err
	}
	return string(message.Value), reader.CommitMessages(ctx, message)
}

// recorder remembers events.
type recorder struct {
	mu     sync.Mutex
	events []sandbox.Event
}

func (r *recorder) record(e sandbox.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

// stages returns the names of the stages that have ended.
func (r *recorder) stages() (names []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		if e.Stage != nil && e.Stage.Done {
			names = append(names, e.Stage.Name)
		}
	}
	return names
}

// any reports whether an event was seen for which is returns true.
func (r *recorder) any(is func(sandbox.Event) bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		if is(e) {
			return true
		}
	}
	return false
}
