package edge

import (
	"context"
	"net/http"
	"strconv"
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/contract"
	"dataservice/gateway/encode"
	"dataservice/gateway/header"
	"dataservice/gateway/limits"
	"dataservice/gateway/request"
	"dataservice/gateway/upstream"
)

// callUnary calls the method of a request and writes its response.
func (e *Edge) callUnary(ctx context.Context, w http.ResponseWriter, r *http.Request, found *contract.Route, q *request.Request) {
	message, p := q.Message()
	if p != nil {
		p.Write(w)
		return
	}
	if timeout := header.Timeout(r.Header); timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	call := upstream.NewCall(header.Metadata(ctx, r), found)
	a := answer{route: found, call: call, selection: selection(found, message.ProtoReflect())}
	defer a.reply.Free()
	err := call.Invoke(e.conn, message, &a.reply)
	if err == nil {
		err = a.write(w, r)
	}
	if err != nil {
		call.Problem(err, e.log).Write(w)
	}
}

// answer is the answer to a unary call.
type answer struct {
	route *contract.Route
	call  *upstream.Call
	reply upstream.Reply
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
	text, err := encode.For(a.route.Method.Output()).Append((*buffer)[:0], a.reply.Wire(), a.route.Answer, a.selection)
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
	if a.route.IsRead() || !a.call.Created() {
		return http.StatusOK, "", nil
	}
	if a.route.Location == nil {
		return http.StatusCreated, "", nil
	}
	resource := a.route.Location.New()
	if err := proto.Unmarshal(a.reply.Wire(), resource.Interface()); err != nil {
		return 0, "", err
	}
	return http.StatusCreated, a.route.Location.Of(resource), nil
}

// selection returns what the read mask of a request selects of the answer; nil if
// the request has no read mask.
func selection(found *contract.Route, message protoreflect.Message) *encode.Selection {
	if found.ReadMask == nil || !message.Has(found.ReadMask) {
		return nil
	}
	mask := message.Get(found.ReadMask).Message()
	list := mask.Get(mask.Descriptor().Fields().ByName("paths")).List()
	if list.Len() == 0 {
		return nil
	}
	paths := make([]string, list.Len())
	for i := range paths {
		paths[i] = list.Get(i).String()
	}
	if found.Rows != nil {
		return encode.Select(paths, found.Rows.Message()).Within(found.Rows.Name())
	}
	return encode.Select(paths, found.Method.Output())
}
