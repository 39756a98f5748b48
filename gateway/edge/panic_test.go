package edge

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

// A handler that fails within its answer must not leave an answer behind that looks
// complete.
func TestPanicsWithinAnAnswerAbortIt(t *testing.T) {
	e := &Edge{log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	fail := func(begun bool) (recorder *httptest.ResponseRecorder, fault any) {
		recorder = httptest.NewRecorder()
		w := &responseWriter{ResponseWriter: recorder}
		defer func() { fault = recover() }()
		defer e.recover(w)
		if begun {
			_, _ = w.Write([]byte("part"))
		}
		panic("fault")
	}
	if recorder, fault := fail(false); fault != nil || recorder.Code != http.StatusInternalServerError {
		t.Errorf("before the answer: %d, %v", recorder.Code, fault)
	}
	if _, fault := fail(true); fault != http.ErrAbortHandler {
		t.Errorf("within the answer: %v", fault)
	}
}
