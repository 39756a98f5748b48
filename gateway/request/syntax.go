package request

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"dataservice/gateway/limits"
)

// syntaxFault describes where a text stops being one JSON value; "" if it is one.
func syntaxFault(text []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(text))
	var value json.RawMessage
	err := decoder.Decode(&value)
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return ""
		}
		line, column := position(text, decoder.InputOffset())
		return fmt.Sprintf("The body goes on after the end of its JSON value, from line %d, column %d.", line, column)
	}
	var syntax *json.SyntaxError
	if isTooDeep(text) {
		return fmt.Sprintf("The body is nested deeper than %d levels.", limits.JSONDepth)
	}
	if errors.As(err, &syntax) && !errors.Is(err, io.ErrUnexpectedEOF) {
		line, column := position(text, syntax.Offset)
		return fmt.Sprintf("The body is not valid JSON, at line %d, column %d.", line, column)
	}
	return "The body is not valid JSON: it ends before its value does."
}

// isTooDeep reports whether a text is nested deeper than JSON decoders accept.
func isTooDeep(text []byte) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text) && depth <= limits.JSONDepth; i++ {
		switch c := text[i]; {
		case c == '"':
			quoted = !quoted
		case quoted && c == '\\':
			i++
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	return depth > limits.JSONDepth
}

// position returns the line and column, from 1, of the last of the first n bytes.
func position(text []byte, n int64) (line, column int) {
	before := text[:max(min(n, int64(len(text)))-1, 0)]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}

func isObject(text []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) }
func isNull(text []byte) bool   { return string(text) == "null" }
