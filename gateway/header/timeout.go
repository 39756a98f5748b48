package header

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

const timeoutName = "Grpc-Timeout"

var timeoutUnits = map[byte]time.Duration{
	'H': time.Hour, 'M': time.Minute, 'S': time.Second, 'm': time.Millisecond, 'u': time.Microsecond, 'n': time.Nanosecond,
}

// Timeout returns the timeout that a request has in Grpc-Timeout; 0 if it has
// none, or one that is longer than a time.Duration. Violations has checked it.
func Timeout(header http.Header) time.Duration {
	text := header.Get(timeoutName)
	if text == "" {
		return 0
	}
	number, unit := text[:len(text)-1], timeoutUnits[text[len(text)-1]]
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || unit == 0 || n > int64(math.MaxInt64/unit) {
		return 0
	}
	return time.Duration(n) * unit
}

// isTimeout reports whether a text, which is not empty, is a timeout of gRPC.
func isTimeout(text string) bool {
	const maxDigits = 8
	number, unit := text[:len(text)-1], text[len(text)-1]
	_, err := strconv.ParseUint(number, 10, 64)
	return err == nil && len(number) <= maxDigits && timeoutUnits[unit] > 0
}
