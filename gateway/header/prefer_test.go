package header

import (
	"net/http"
	"testing"
)

func TestPreferredReturn(t *testing.T) {
	for _, test := range []struct {
		lines []string
		want  Return
	}{
		{nil, ReturnDefault},
		{[]string{"return=minimal"}, ReturnMinimal},
		{[]string{`Return = "minimal" ; x=1`}, ReturnMinimal},
		{[]string{"respond-async, wait=10, return=representation"}, ReturnRepresentation},
		{[]string{"respond-async", "return=minimal"}, ReturnMinimal},
		{[]string{"return=representation, return=minimal"}, ReturnRepresentation},
		{[]string{"return=other, return=minimal"}, ReturnDefault},
		{[]string{"return, noreturn=minimal"}, ReturnDefault},
	} {
		if got := PreferredReturn(http.Header{"Prefer": test.lines}); got != test.want {
			t.Errorf("%q: %q", test.lines, got)
		}
	}
}

func TestReadConsistencyOfConditions(t *testing.T) {
	for name, want := range map[string]string{"If-Match": "", "If-None-Match": "eventual"} {
		request := &http.Request{Method: http.MethodGet, Header: http.Header{"Prefer": {"read=eventual"}, name: {`"e1"`}}}
		got := ""
		pairs := Metadata(request, Origin{}, "1")
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == "read-consistency" {
				got = pairs[i+1]
			}
		}
		if got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestReadConsistency(t *testing.T) {
	for _, test := range []struct {
		lines []string
		want  string
	}{
		{nil, ""},
		{[]string{"return=minimal"}, ""},
		{[]string{"read=strong"}, ""},
		{[]string{"read=eventual"}, "eventual"},
		{[]string{`return=minimal, Read = "eventual"`}, "eventual"},
		{[]string{"read=eventual; max-staleness=500ms"}, "eventual;max-staleness=500ms"},
		{[]string{`read=eventual;Max-Staleness = "1s"`}, "eventual;max-staleness=1s"},
		{[]string{"read=strong, read=eventual"}, ""},
		{[]string{"read=eventual; x=\x01"}, ""},
	} {
		if got := readConsistency(http.Header{"Prefer": test.lines}); got != test.want {
			t.Errorf("%q: %q", test.lines, got)
		}
	}
}
