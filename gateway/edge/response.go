package edge

import (
	"net/http"
	"slices"
	"time"

	"dataservice/gateway/admission"
	"dataservice/gateway/contract"
	"dataservice/gateway/header"
	"dataservice/gateway/limits"
	"dataservice/gateway/observe"
)

// responseWriter records the status and the size of a response, and has what is known
// of its request.
type responseWriter struct {
	http.ResponseWriter
	from header.Origin
	// record is what becomes of the request.
	record observe.Request
	// held is the memory that the request holds.
	held admission.Request
	// shared reports whether other requests share the connection (HTTP/2): none of them
	// closes it.
	shared bool
	// requestID is X-Request-Id of the response.
	requestID string
	// readable reports whether CORS lets the page that sent the request read the
	// response.
	readable bool
	// status is the status that was sent; 0 before.
	status  int
	written int64
}

func (w *responseWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
		if w.shared {
			delete(w.Header(), "Connection") // else net/http sends GOAWAY
		}
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *responseWriter) Write(text []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	n, err := w.ResponseWriter.Write(text)
	w.written += int64(n)
	return n, err
}

// writeText writes the body of an answer. A client that does not receive a large one, not
// even slowly, does not get the rest of it: it would hold the memory until the end of the
// longer WriteTimeout of the server.
func (w *responseWriter) writeText(text []byte) {
	if len(text) <= limits.AnswerPiece {
		_, _ = w.Write(text) // the client may have closed the connection
		return
	}
	control := http.NewResponseController(w)
	for piece := range slices.Chunk(text, limits.AnswerPiece) {
		_ = control.SetWriteDeadline(time.Now().Add(limits.AnswerPieceTime))
		if _, err := w.Write(piece); err != nil {
			return
		}
	}
}

// SetProblem records the error that is answered.
func (w *responseWriter) SetProblem(code, reason string) {
	w.record.Code, w.record.Reason = code, reason
}

// setRoute records the route of the request.
func (w *responseWriter) setRoute(found *contract.Route) {
	w.record.Route, w.record.Method = found.Template, found.Call[1:]
	w.record.Streams = found.Method.IsStreamingClient() || found.Method.IsStreamingServer()
}

// endRecord records the request, which was answered.
func (w *responseWriter) endRecord(r *http.Request) {
	w.record.Verb, w.record.ID, w.record.Client = r.Method, w.requestID, w.from.Address
	w.record.Status, w.record.Bytes = w.status, w.written
	w.record.End()
}

// Unwrap gives http.ResponseController access to the connection.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
