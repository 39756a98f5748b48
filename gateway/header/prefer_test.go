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
