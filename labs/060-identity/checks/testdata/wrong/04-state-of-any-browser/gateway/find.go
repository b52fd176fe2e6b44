package main

// find takes the value that looks right, whoever it is kept for.
func (k *kept[T]) find(right func(T) bool) (T, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for number, e := range k.all {
		if right(e.value) {
			delete(k.all, number)
			return e.value, true
		}
	}
	return *new(T), false
}
