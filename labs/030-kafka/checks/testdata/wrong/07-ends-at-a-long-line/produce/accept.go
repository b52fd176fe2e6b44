package main

import (
	"bufio"
	"io"

	"shop/event"
)

// accept answers each line at once.
func accept(in io.Reader, queue *queue) error {
	lines := bufio.NewScanner(in)
	for number := 1; lines.Scan(); number++ {
		e, err := event.Parse(lines.Bytes())
		if err != nil {
			event.Say(map[string]int{"rejected": number})
			continue
		}
		if !queue.enter() {
			event.Say(map[string]string{"refused": e.ID})
			continue
		}
		event.Say(map[string]string{"accepted": e.ID})
		queue.put(pending{id: e.ID, message: message(e, lines.Bytes())})
	}
	return lines.Err()
}
