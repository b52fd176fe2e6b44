package mutate

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"cnalab/server/mutate/mutant"
)

// Sample is a part of each step's mutants, for where all take too long. The
// same seed chooses the same ones; with each seed others, so that in time all
// are tried.
type Sample struct {
	Size int    // mutants of each step; 0 is all of them
	Seed string // such as the commit whose labs are tried
}

func (s Sample) of(mutants []mutant.Mutant) []mutant.Mutant {
	if s.Size <= 0 || len(mutants) <= s.Size {
		return mutants
	}
	chance := func(m mutant.Mutant) []byte {
		sum := sha256.Sum256([]byte(s.Seed + "\n" + m.ID()))
		return sum[:]
	}
	shuffled := slices.Clone(mutants)
	slices.SortFunc(shuffled, func(a, b mutant.Mutant) int { return bytes.Compare(chance(a), chance(b)) })
	return shuffled[:s.Size]
}
