package labs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// Message is a sentence as a format and its arguments, so that it can be said in
// another language. Format is English, and says itself where there are no
// arguments. An argument is an int64, a float64, a bool, a string or a Message.
type Message struct {
	Format string `json:"format"`
	Args   []any  `json:"args,omitempty"`
}

// String is the sentence in English.
func (m Message) String() string { return m.In(nil) }

// In is the sentence in the language of the translations, and what they lack in
// English.
func (m Message) In(translations Translations) string {
	format := translations.Of(m.Format)
	if len(m.Args) == 0 {
		return format
	}
	args := make([]any, len(m.Args))
	for i, arg := range m.Args {
		if nested, ok := arg.(Message); ok {
			arg = nested.In(translations)
		}
		args[i] = arg
	}
	return fmt.Sprintf(format, args...)
}

// Translations are what is said in another language, by the English: formats,
// and sentences without arguments.
type Translations map[string]string

// Of is the translation of a text without arguments, or the text itself.
func (t Translations) Of(text string) string {
	if translated, ok := t[text]; ok {
		return translated
	}
	return text
}

// messageOf takes arguments as a Message holds them.
func messageOf(format string, args []any) Message {
	m := Message{Format: format}
	for _, arg := range args {
		m.Args = append(m.Args, argument(arg))
	}
	return m
}

// argument is what a Message keeps of an argument: numbers, bools and texts as
// they are, and of everything else what %v shows.
func argument(arg any) any {
	switch arg.(type) {
	case Message:
		return arg
	case fmt.Formatter, fmt.Stringer, error:
		return fmt.Sprint(arg)
	}
	switch v := reflect.ValueOf(arg); {
	case v.CanInt():
		return v.Int()
	case v.CanUint() && v.Uint() <= math.MaxInt64:
		return int64(v.Uint())
	case v.CanFloat() && !math.IsNaN(v.Float()) && !math.IsInf(v.Float(), 0):
		return v.Float()
	case v.Kind() == reflect.Bool:
		return v.Bool()
	case v.Kind() == reflect.String:
		if m, ok := MessageOf(v.String()); ok {
			return m
		}
		return v.String()
	}
	return fmt.Sprint(arg)
}

// MarshalJSON keeps a whole float64 from being read again as an int64.
func (m Message) MarshalJSON() ([]byte, error) {
	type plain Message
	out := plain{Format: m.Format}
	for _, arg := range m.Args {
		if f, ok := arg.(float64); ok {
			text := strconv.FormatFloat(f, 'g', -1, 64)
			if !strings.ContainsAny(text, ".e") {
				text += ".0"
			}
			arg = json.RawMessage(text)
		}
		out.Args = append(out.Args, arg)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote; an argument of no known type is an
// error.
func (m *Message) UnmarshalJSON(text []byte) error {
	var in struct {
		Format string            `json:"format"`
		Args   []json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	*m = Message{Format: in.Format}
	for _, arg := range in.Args {
		value, err := readArgument(arg)
		if err != nil {
			return fmt.Errorf("read argument of %q: %w", in.Format, err)
		}
		m.Args = append(m.Args, value)
	}
	return nil
}

func readArgument(text json.RawMessage) (any, error) {
	if bytes.HasPrefix(text, []byte("{")) {
		var nested Message
		err := json.Unmarshal(text, &nested)
		return nested, err
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	switch value := value.(type) {
	case string, bool:
		return value, nil
	case json.Number:
		if strings.ContainsAny(value.String(), ".eE") {
			return value.Float64()
		}
		return value.Int64()
	}
	return nil, fmt.Errorf("%s is no number, bool or text", text)
}
