package edge

import (
	"net/http"
	"strconv"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/contract"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/header"
	"dataservice/gateway/problem"
	"dataservice/gateway/upstream"
)

// answer is the answer to a unary call.
type answer struct {
	route *contract.Route
	reply *upstream.Reply
	// masked reports that a read mask selects the fields of the answer.
	masked bool
}

// write writes the response.
func (a *answer) write(w *responseWriter, r *http.Request) {
	if a.route.AnswersNothing() {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	values := a.reply.Values()
	etag := a.etag(values)
	if a.route.IsRead() {
		if condition := header.Evaluate(r.Header, etag); condition != header.Holds {
			writeCondition(w, condition, etag)
			return
		}
	}
	if size := int64(len(a.reply.Bytes())); !a.route.IsRead() {
		w.held.HoldAnyway(size)
	} else if !w.held.Hold(size) {
		problem.Overloaded().Write(w)
		return
	}
	a.reply.Separate()
	text := a.reply.Bytes()
	h := w.Header()
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(len(text))}
	if etag != "" {
		h["ETag"] = []string{etag}
	}
	if location := a.location(values); location != "" {
		h["Location"] = []string{location}
	}
	w.WriteHeader(a.status())
	w.writeText(text)
}

var jsonType = []string{"application/json"}

// etag returns the entity tag of the answer; "" if it has none. An entity tag is
// that of the entire representation (RFC 9110, 8.8.3), so an answer with a read
// mask has none, and no condition applies to it.
func (a *answer) etag(values []string) string {
	if a.route.ETag == nil || a.masked || len(values) == 0 {
		return ""
	}
	return header.ETag(values[0])
}

// location returns the location of a resource that the call created; "" if it
// created none.
func (a *answer) location(values []string) string {
	if a.route.ETag != nil && len(values) > 0 {
		values = values[1:]
	}
	if a.route.Location == nil || len(values) == 0 || !a.reply.Created() {
		return ""
	}
	return a.route.Location.Of(values)
}

func (a *answer) status() int {
	if a.route.IsRead() || !a.reply.Created() {
		return http.StatusOK
	}
	return http.StatusCreated
}

// writeCondition responds to a read whose conditions do not hold.
func writeCondition(w http.ResponseWriter, condition header.Condition, etag string) {
	if condition == header.NotModified {
		w.Header()["ETag"] = []string{etag}
		w.WriteHeader(http.StatusNotModified)
		return
	}
	problem.New(http.StatusPreconditionFailed, codes.Aborted, engine.ErrorReason_ETAG_MISMATCH,
		"The resource has another version than If-Match asks for.").Write(w)
}
