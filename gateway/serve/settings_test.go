package serve

import (
	"fmt"
	"io"
	"os"
	"testing"

	"dataservice/gateway/gen/testdepot/contract"
)

func TestSettings(t *testing.T) {
	environment := func(values map[string]string) func(string) (string, bool) {
		return func(name string) (string, bool) { v, ok := values[name]; return v, ok }
	}
	s, err := parseSettings([]string{"--request_timeout=3s"}, environment(map[string]string{
		"REQUEST_TIMEOUT": "9s", "GRPC_TARGET": "dns:///server:1", "ACCESS_LOG": "true",
	}), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintln(s.requestTimeout, s.grpcTarget, s.accessLog, s.httpAddress, s.maxBodyBytes); got !=
		"3s dns:///server:1 true 127.0.0.1:8080 4194304\n" {
		t.Error(got)
	}
	for _, wrong := range [][]string{{"--nonsense"}, {"x"}, {"--max_body_bytes=0"}, {"--request_timeout=0s"}, {"--drain_timeout=x"}} {
		if code := run(t.Context(), contract.Contract(), wrong, noEnvironment, io.Discard); code != 2 {
			t.Errorf("%v: exit %d", wrong, code)
		}
	}
	if code := run(t.Context(), contract.Contract(), nil, environment(map[string]string{"READ_TIMEOUT": "x"}), io.Discard); code != 2 {
		t.Errorf("exit %d", code)
	}
	if code := run(t.Context(), contract.Contract(), []string{"--help"}, noEnvironment, io.Discard); code != 0 {
		t.Errorf("exit %d", code)
	}
}

func TestPagesCanBeSwitchedOff(t *testing.T) {
	for _, shown := range []bool{true, false} {
		arguments := []string{fmt.Sprintf("--page=%v", shown), fmt.Sprintf("--docs=%v", shown)}
		s, err := parseSettings(arguments, noEnvironment, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		if s.page != shown || s.docs != shown {
			t.Errorf("%v: page %v, docs %v", arguments, s.page, s.docs)
		}
	}
	s, err := parseSettings(nil, noEnvironment, io.Discard)
	if err != nil || !s.page || !s.docs {
		t.Errorf("the defaults: %+v, %v", s, err)
	}
}
