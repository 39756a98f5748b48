package header

import (
	"net/http"
	"testing"
	"time"
)

func TestTimeout(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 0, "5S": 5 * time.Second, "100m": 100 * time.Millisecond, "1H": time.Hour, "2M": 2 * time.Minute,
		"7u": 7 * time.Microsecond, "7n": 7, "0S": 0, "99999999M": 99999999 * time.Minute,
		"2562047H": 2562047 * time.Hour, "2562048H": 0, // longer than a time.Duration
	} {
		header := http.Header{}
		if text != "" {
			header.Set("Grpc-Timeout", text)
		}
		if len(Violations(header)) > 0 {
			t.Errorf("%q has violations", text)
		}
		if got := Timeout(header); got != want {
			t.Errorf("%q: %v, not %v", text, got, want)
		}
	}
	for _, text := range []string{"soon", "100000000S", "-1S", "S", "1", "1s", "+1S"} {
		if len(Violations(http.Header{"Grpc-Timeout": {text}})) == 0 {
			t.Errorf("%q has no violation", text)
		}
	}
}
