package request

import (
	"bytes"
	"encoding/json"
	"iter"
)

// members iterates over the members of an object of valid JSON, in order and
// including repeated names.
func members(text []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		decoder := json.NewDecoder(bytes.NewReader(text))
		if _, err := decoder.Token(); err != nil {
			return
		}
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return
			}
			var value json.RawMessage
			if decoder.Decode(&value) != nil {
				return
			}
			if text, ok := name.(string); !ok || !yield(text, value) {
				return
			}
		}
	}
}

// elements iterates over the elements of an array of valid JSON.
func elements(text []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		decoder := json.NewDecoder(bytes.NewReader(text))
		if _, err := decoder.Token(); err != nil {
			return
		}
		for decoder.More() {
			var value json.RawMessage
			if decoder.Decode(&value) != nil || !yield(value) {
				return
			}
		}
	}
}
