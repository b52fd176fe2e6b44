// Package words holds every word that pages say, in each language that the
// interface speaks. The language travels in the context. The package knows
// nothing of pages, and nothing of step texts, which labs translate themselves.
package words

import "context"

// Languages lists the languages of the interface, the first being the default.
var Languages = []string{"en", "ko"}

type key struct{}

// With returns a context in which pages speak the language.
func With(ctx context.Context, language string) context.Context {
	return context.WithValue(ctx, key{}, language)
}

// Language returns the language of the context, English where none was set
// or where it is not one of Languages.
func Language(ctx context.Context) string {
	language, _ := ctx.Value(key{}).(string)
	if Knows(language) {
		return language
	}
	return Languages[0]
}

// Knows reports whether the interface speaks the language.
func Knows(language string) bool {
	for _, l := range Languages {
		if l == language {
			return true
		}
	}
	return false
}

// In returns the words in the context's language.
func In(ctx context.Context) *Words {
	if Language(ctx) == "ko" {
		return &korean
	}
	return &english
}
