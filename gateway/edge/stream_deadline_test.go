package edge_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// deadlineRecorder records whether the answer began without a write deadline.
type deadlineRecorder struct {
	*httptest.ResponseRecorder
	deadline  time.Time
	unlimited bool
}

func (r *deadlineRecorder) SetReadDeadline(time.Time) error { return nil }

func (r *deadlineRecorder) SetWriteDeadline(deadline time.Time) error {
	r.deadline = deadline
	return nil
}

func (r *deadlineRecorder) WriteHeader(status int) {
	r.unlimited = r.deadline.IsZero()
	r.ResponseRecorder.WriteHeader(status)
}

func (r *deadlineRecorder) Write(text []byte) (int, error) {
	r.unlimited = r.unlimited || r.deadline.IsZero()
	return r.ResponseRecorder.Write(text)
}

// Streams have no deadline while they run, but a client that does not read the answer must
// not hold the connection.
func TestAnswersOfStreamsHaveADeadline(t *testing.T) {
	for name, request := range map[string][3]string{
		"import":          {"POST", "/item:import", "{\"name\": \"a\"}\n"},
		"rejected import": {"POST", "/item:import", "{\"id\": 1, \"nonsense\": 2}\n"},
		"export":          {"GET", "/item:export", ""},
		"HEAD of export":  {"HEAD", "/item:export", ""},
	} {
		for _, lost := range []bool{false, true} {
			g := newGateway(t)
			if lost {
				g.Stop()
			}
			r := httptest.NewRequest(request[0], request[1], strings.NewReader(request[2]))
			if request[0] == http.MethodPost {
				r.Header.Set("Content-Type", "application/jsonl")
			}
			recorder := &deadlineRecorder{ResponseRecorder: httptest.NewRecorder()}
			func() {
				defer func() { _ = recover() }() // an export may be broken off
				g.edge.ServeHTTP(recorder, r)
			}()
			if recorder.unlimited || recorder.deadline.IsZero() {
				t.Errorf("%s, lost %v: %d without a deadline: %.200s", name, lost, recorder.Code, recorder.Body)
			}
		}
	}
}
