// Package event is the bus on which a session tells what happens: topics for
// what has changed, the lines that parts log, and the files that hold other
// texts. What a subscriber has not taken yet is joined here and nowhere else.
// The package knows nothing of what a session does, nor of who listens.
package event

import "cnalab/server/sandbox"

// Topic is one kind of thing that happens in a session.
type Topic int

// The topics. Whoever is told of one asks the session how it is now.
const (
	Sandbox  Topic = iota // it opens, is open, closes or has failed; a snapshot was taken
	Stages                // a stage of opening has begun or ended
	Parts                 // a part is in another state
	Run                   // a run of checks, or one of its checks, has begun or ended
	Progress              // a step stands otherwise than it did: it is checked, or something was recorded
	Files                 // files hold other texts; Changes.Files says which
	Tree                  // files came or went
	Log                   // parts have logged; Changes.Lines holds the lines

	count = int(Log) + 1
)

// All are all topics.
func All() []Topic {
	all := make([]Topic, count)
	for i := range all {
		all[i] = Topic(i)
	}
	return all
}

// Changes is what has happened since a subscription was last taken.
type Changes struct {
	topics [count]bool
	Files  map[string]string // path → tag of the text that it holds now; none where it is gone
	Lines  []sandbox.Line    // in the order in which they were logged
	Lost   bool              // lines were left out, because too many waited
}

// Of returns changes of the topics, as if they had happened.
func Of(topics ...Topic) (c Changes) {
	for _, t := range topics {
		c.topics[t] = true
	}
	return c
}

// Has reports whether something of one of the topics has happened.
func (c Changes) Has(topics ...Topic) bool {
	for _, t := range topics {
		if c.topics[t] {
			return true
		}
	}
	return false
}
