package edge

import (
	"context"
	"net/http"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/contract"
	"dataservice/gateway/encode"
	"dataservice/gateway/header"
	"dataservice/gateway/request"
	"dataservice/gateway/upstream"
)

// callUnary calls the method of a request and writes its response. The call ends at
// the deadline, or when Grpc-Timeout has passed.
func (e *Edge) callUnary(deadline time.Time, w http.ResponseWriter, r *http.Request, found *contract.Route, q *request.Request) {
	message, p := q.Message()
	if p != nil {
		p.Write(w)
		return
	}
	if timeout := header.Timeout(r.Header); timeout > 0 {
		if own := time.Now().Add(timeout); own.Before(deadline) {
			deadline = own
		}
	}
	ctx, cancel := context.WithDeadline(r.Context(), deadline)
	defer cancel()
	call := upstream.NewCall(ctx, header.Metadata(r), found)
	reply, err := call.Invoke(e.conn, message)
	defer reply.Free()
	if err == nil {
		a := answer{route: found, reply: reply, selection: selection(found, message.ProtoReflect())}
		err = a.write(w, r)
	}
	if err != nil {
		call.Problem(err, e.log).Write(w)
	}
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
