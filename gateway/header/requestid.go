package header

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"net/http"

	"dataservice/gateway/limits"
)

const requestIDName = "X-Request-Id"

// SetRequestID sets X-Request-Id of an answer and returns it: that of the request if it
// has one line of at most limits.RequestIDBytes visible ASCII characters, and otherwise
// a new one.
func SetRequestID(answer, request http.Header) string {
	values := request[requestIDName]
	if len(values) != 1 || !isRequestID(values[0]) {
		values = []string{newRequestID()}
	}
	answer[requestIDName] = values
	return values[0]
}

func isRequestID(text string) bool {
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c > '~' {
			return false
		}
	}
	return text != "" && len(text) <= limits.RequestIDBytes
}

// newRequestID returns 128 random bits in hexadecimal digits. They are unique; nothing
// relies on their secrecy.
func newRequestID() string {
	var bits [16]byte
	binary.BigEndian.PutUint64(bits[:8], rand.Uint64())
	binary.BigEndian.PutUint64(bits[8:], rand.Uint64())
	var text [2 * len(bits)]byte
	hex.Encode(text[:], bits[:])
	return string(text[:])
}
