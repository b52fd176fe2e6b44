package mutate

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"cnalab/server/mutate/mutant"
)

// Sample is a part of each step's mutants that fits into less time. The same
// seed chooses the same ones; each mutant is as likely as another, so that in
// time all are tried.
type Sample struct {
	Size int    // mutants of each step; 0 is all of them
	Seed string // the commit, where one is to be looked at
}

func (s Sample) of(mutants []mutant.Mutant) []mutant.Mutant {
	if s.Size <= 0 || len(mutants) <= s.Size {
		return mutants
	}
	chance := func(m mutant.Mutant) []byte {
		sum := sha256.Sum256([]byte(s.Seed + "\n" + m.ID()))
		return sum[:]
	}
	order := make([][]byte, len(mutants))
	for i, m := range mutants {
		order[i] = chance(m)
	}
	slices.SortFunc(order, bytes.Compare)
	last := order[s.Size-1]
	return slices.DeleteFunc(slices.Clone(mutants), func(m mutant.Mutant) bool { return bytes.Compare(chance(m), last) > 0 })
}
