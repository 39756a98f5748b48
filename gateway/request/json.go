package edge

import (
	"bytes"
	"encoding/json"
	"iter"
	"maps"
	"slices"
)

// members goes through an object of valid JSON, in order and with whatever
// names it repeats.
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

// elements goes through an array of valid JSON.
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

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
