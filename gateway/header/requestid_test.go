package header

import (
	"net/http"
	"strings"
	"testing"
)

func TestRequestID(t *testing.T) {
	for _, kept := range []string{"a", "01890a5d-ac96-774b-bcce-b302099a8057", "a/b+c=:.~", strings.Repeat("x", 128)} {
		answer := http.Header{}
		if got := SetRequestID(answer, http.Header{requestIDName: {kept}}); got != kept || answer.Get(requestIDName) != kept {
			t.Errorf("%q: %q", kept, got)
		}
	}
	seen := map[string]bool{}
	for _, values := range [][]string{
		nil, {""}, {"a b"}, {"a\tb"}, {"a\nb"}, {"\xc3\xbc"}, {"\x7f"}, {strings.Repeat("x", 129)}, {"a", "b"}, {"a", "a"},
	} {
		answer := http.Header{}
		got := SetRequestID(answer, http.Header{requestIDName: values})
		if len(got) != 32 || seen[got] || answer.Get(requestIDName) != got {
			t.Errorf("%q: %q", values, got)
		}
		seen[got] = true
	}
}
