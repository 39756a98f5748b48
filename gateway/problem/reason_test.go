package problem

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dataservice/gateway/gen/engine"
)

// table returns the reasons in the table of errors of README.md.
func table(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`[A-Z]+(_[A-Z]+)+`)
	var reasons []string
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) == 6 {
			reasons = append(reasons, name.FindAllString(cells[3], -1)...)
		}
	}
	return reasons
}

func TestREADMEHasEveryReason(t *testing.T) {
	documented := table(t)
	for name, number := range engine.ErrorReason_value {
		if engine.ErrorReason(number) != NoReason && !slices.Contains(documented, name) {
			t.Errorf("%s is missing in the table of errors", name)
		}
	}
	for _, name := range documented {
		if _, known := engine.ErrorReason_value[name]; !known {
			t.Errorf("the table of errors has %s, which is not in error_reason.proto", name)
		}
	}
}

func TestEveryReasonHasItsStatusAndItsRetry(t *testing.T) {
	text, err := os.ReadFile("../../proto/dataservice/v1/error_reason.proto")
	if err != nil {
		t.Fatal(err)
	}
	value := regexp.MustCompile(`((?:  //.*\n)+)  ([A-Z_]+) = \d+;`)
	found := value.FindAllStringSubmatch(string(text), -1)
	if len(found) != len(engine.ErrorReason_value) {
		t.Fatalf("%d of %d values have a comment", len(found), len(engine.ErrorReason_value))
	}
	for _, v := range found {
		if v[2] != NoReason.String() && (!strings.Contains(v[1], "Retry: ") || !regexp.MustCompile(`\(\d{3}\)|status code`).MatchString(v[1])) {
			t.Errorf("%s: the comment names no status or does not say whether a retry helps", v[2])
		}
	}
}
