package serve

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dataservice/gateway/edgetest"
	"dataservice/gateway/gen/testdepot/contract"
)

// freeAddress returns an address that nobody listens on.
func freeAddress(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

var labelValue = regexp.MustCompile(`="(?:[^"\\]|\\.)*"`)

// namesOf returns the names and labels of metrics, without those of the Go runtime.
func namesOf(text string) string {
	var names []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "go_") || strings.HasPrefix(line, "process_") {
			continue
		}
		names = append(names, labelValue.ReplaceAllString(line[:strings.LastIndex(line, " ")], ""))
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), "\n") + "\n"
}

func TestMetrics(t *testing.T) {
	fake, address := newFake(t), freeAddress(t)
	p := start(t, fake.Address, "--metrics_address="+address)
	p.waitFor("server_reached")
	p.raw("GET /item/1 HTTP/1.1\r\nHost: x\r\n\r\n")
	p.raw("GET /item/1?x=planted HTTP/1.1\r\nHost: x\r\n\r\n")
	p.raw("PLANTED /planted HTTP/1.1\r\nHost: x\r\n\r\n")
	status, text := get(t, "http://"+address+"/metrics")
	if status != http.StatusOK || strings.Contains(strings.ToLower(text), "planted") {
		t.Errorf("status %d: %s", status, text)
	}
	for _, sample := range []string{
		`http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="200",http_route="/item/{id}",rpc_method="depot.v1.ItemService/GetItem"} 1`,
		`http_server_request_duration_seconds_count{http_request_method="_OTHER",http_response_status_code="404",http_route="_OTHER",rpc_method="_OTHER"} 1`,
		`rpc_client_call_duration_seconds_count{rpc_method="depot.v1.ItemService/GetItem",rpc_response_status_code="OK"} 1`,
		`gateway_problems_total{error_reason="PATH_UNKNOWN",rpc_response_status_code="NOT_FOUND"} 1`,
		`gateway_upstream_connection_state{state="ready"} 1`,
	} {
		if !strings.Contains(text, sample) {
			t.Errorf("%s is missing in:\n%s", sample, text)
		}
	}
	edgetest.Golden(t, "metrics.txt", []byte(namesOf(text)))
}

func TestDebugIsForThisMachine(t *testing.T) {
	fake, address := newFake(t), freeAddress(t)
	p := start(t, fake.Address, "--metrics_address="+address, "--max_calls=7")
	p.waitFor("server_reached")
	p.raw("GET /item/1 HTTP/1.1\r\nHost: x\r\n\r\n")
	status, text := get(t, "http://"+address+"/debug")
	var debug struct {
		Build       struct{ Contract_digest string }
		Flags       map[string]string
		Server      struct{ State string }
		Admission   struct{ Clients int }
		Connections struct{ Largest []struct{ Client string } }
	}
	if err := json.Unmarshal([]byte(text), &debug); err != nil || status != http.StatusOK {
		t.Fatalf("status %d, %v: %s", status, err, text)
	}
	if debug.Flags["max_calls"] != "7" || debug.Server.State != "ready" || len(debug.Build.Contract_digest) != 16 ||
		debug.Admission.Clients != 1 || debug.Connections.Largest[0].Client != "127.0.0.1" {
		t.Errorf("%s", text)
	}
	request := httptest.NewRequest("GET", "http://"+address+"/debug", nil)
	request.RequestURI, request.Host = "", "attacker.example"
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("status %d for another host", response.StatusCode)
	}
}

func TestSlowRequestsAreLogged(t *testing.T) {
	fake := newFake(t)
	p := start(t, fake.Address, "--slow_request=1ns")
	p.waitFor("server_reached")
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	p.raw("GET /item/1 HTTP/1.1\r\nHost: x\r\nTraceparent: 00-" + trace + "-00f067aa0ba902b7-00\r\n\r\n")
	var line struct {
		Level, Trace_id, Route, Method string
		Status                         int
		Duration_ms, Upstream_ms       float64
	}
	if err := json.Unmarshal([]byte(p.waitFor("slow_request")), &line); err != nil {
		t.Fatal(err)
	}
	if line.Trace_id != trace || line.Level != "warning" || line.Route != "/item/{id}" || line.Status != 200 ||
		line.Method != "depot.v1.ItemService/GetItem" || line.Upstream_ms <= 0 || line.Duration_ms < line.Upstream_ms {
		t.Errorf("%+v", line)
	}
	passed := fake.Last().Metadata.Get("traceparent")
	if len(passed) != 1 || !regexp.MustCompile("^00-"+trace+"-[0-9a-f]{16}-00$").MatchString(passed[0]) || strings.Contains(passed[0], "00f067aa0ba902b7") {
		t.Errorf("traceparent %q", passed)
	}
}

// TestTraces has a collector that receives the spans of a request.
func TestTraces(t *testing.T) {
	bodies := make(chan []byte, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies <- append([]byte(r.URL.Path+" "), body...)
	}))
	defer collector.Close()
	fake := newFake(t)
	p := start(t, fake.Address, "--otlp_endpoint="+collector.URL, "--trace_sample=1")
	p.waitFor("server_reached")
	p.raw("GET /item/1 HTTP/1.1\r\nHost: x\r\n\r\n")
	if passed := fake.Last().Metadata.Get("traceparent"); len(passed) != 1 || !strings.HasSuffix(passed[0], "-01") {
		t.Errorf("traceparent %q", passed)
	}
	p.stop()
	p.wait()
	body := <-bodies
	for _, part := range []string{"/v1/traces ", "GET /item/{id}", "depot.v1.ItemService/GetItem", "testdepot-gateway"} {
		if !bytes.Contains(body, []byte(part)) {
			t.Errorf("%q is missing in %q", part, body)
		}
	}
}

func TestPrintConfig(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out := os.Stdout
	os.Stdout = write
	code := run(t.Context(), contract.Contract(), []string{"--print_config", "--max_calls=9"}, noEnvironment, io.Discard)
	os.Stdout = out
	write.Close()
	text, _ := io.ReadAll(read)
	if code != 0 || !strings.Contains(string(text), "\n--max_calls=9\n") || !strings.Contains(string(text), "\n# --read_timeout=30s\n") {
		t.Errorf("exit %d: %s", code, text)
	}
}
