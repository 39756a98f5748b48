package serve

import "testing"

func TestTypesOfProblems(t *testing.T) {
	for want, s := range map[string]settings{
		"/docs#ETAG_MISMATCH":                  {docs: true},
		"/prod/docs#ETAG_MISMATCH":             {docs: true, basePath: "/prod"},
		"https://example.com/e/#etag_mismatch": {docs: true, problemDocs: "https://example.com/e/"},
	} {
		if got := problemTypes(&s)("ETAG_MISMATCH"); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
	if problemTypes(&settings{}) != nil {
		t.Error("a type without a page")
	}
}
