package problem

import (
	"os"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dataservice/gateway/gen/engine"
)

func TestTypes(t *testing.T) {
	p := New(412, codes.Aborted, engine.ErrorReason_ETAG_MISMATCH, "")
	if text := string(p.body()); !strings.Contains(text, `"type":"about:blank"`) {
		t.Error(text)
	}
	UseTypes(func(reason string) string { return "https://docs.example.com/errors/#" + strings.ToLower(reason) })
	defer UseTypes(nil)
	if text := string(p.body()); !strings.Contains(text, `"type":"https://docs.example.com/errors/#etag_mismatch"`) {
		t.Error(text)
	}
	own := OfStatus(status.New(codes.Aborted, ""), false, func(name string) string { return name })
	for _, reason := range []string{"", "MY_OWN_REASON", NoReason.String()} {
		own.Reason = reason
		if text := string(own.body()); !strings.Contains(text, `"type":"about:blank"`) {
			t.Error(text)
		}
	}
}

// The page of errors has the part to which each type leads.
func TestThePageHasEveryType(t *testing.T) {
	text, err := os.ReadFile("../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, number := range engine.ErrorReason_value {
		if engine.ErrorReason(number) != NoReason && !strings.Contains(string(text), "\n### "+name+"\n") {
			t.Errorf("docs/errors.md has no heading %s", name)
		}
	}
}
