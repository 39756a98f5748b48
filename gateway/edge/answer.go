package edge

import (
	"net/http"
	"strconv"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"

	"dataservice/gateway/contract"
	"dataservice/gateway/encode"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/header"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
	"dataservice/gateway/upstream"
)

// answer is the answer to a unary call.
type answer struct {
	route *contract.Route
	reply *upstream.Reply
	// selection has the fields that the client receives; nil without a read mask.
	selection *encode.Selection
}

// write writes the response. If it fails, nothing was written.
func (a *answer) write(w http.ResponseWriter, r *http.Request) error {
	if a.route.AnswersNothing() {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	etag := a.etag()
	if a.route.IsRead() {
		if condition := header.Evaluate(r.Header, etag); condition != header.Holds {
			writeCondition(w, condition, etag)
			return nil
		}
	}
	buffer := texts.Get().(*[]byte)
	text, err := encode.For(a.route.Method.Output()).Append((*buffer)[:0], a.reply.Bytes(), a.route.Answer, a.selection)
	if err != nil {
		return err
	}
	status, location, err := a.status()
	if err != nil {
		return err
	}
	h := w.Header()
	h["Content-Type"] = jsonType
	h["Content-Length"] = []string{strconv.Itoa(len(text))}
	if etag != "" {
		h["ETag"] = []string{etag}
	}
	if location != "" {
		h["Location"] = []string{location}
	}
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client may have closed the connection
	if cap(text) <= limits.KeptBuffer {
		*buffer = text
		texts.Put(buffer)
	}
	return nil
}

var jsonType = []string{"application/json"}

// texts are buffers for responses.
var texts = sync.Pool{New: func() any { return new([]byte) }}

// etag returns the entity tag of the answer; "" if it has none. An entity tag is
// that of the entire representation (RFC 9110, 8.8.3), so an answer with a read
// mask has none, and no condition applies to it.
func (a *answer) etag() string {
	if a.route.ETag == nil || a.selection != nil {
		return ""
	}
	return header.ETag(a.reply.String(a.route.ETag))
}

// status returns the HTTP status, and the location of a resource that the call
// created.
func (a *answer) status() (status int, location string, err error) {
	if a.route.IsRead() || !a.reply.Created() {
		return http.StatusOK, "", nil
	}
	if a.route.Location == nil {
		return http.StatusCreated, "", nil
	}
	resource := a.route.Location.New()
	if err := proto.Unmarshal(a.reply.Bytes(), resource.Interface()); err != nil {
		return 0, "", err
	}
	return http.StatusCreated, a.route.Location.Of(resource), nil
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
