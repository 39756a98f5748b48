package edge

import (
	"errors"
	"net/http"
	"time"

	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/admission"
	"dataservice/gateway/calls"
	"dataservice/gateway/contract"
	"dataservice/gateway/header"
	"dataservice/gateway/problem"
	"dataservice/gateway/request"
	"dataservice/gateway/upstream"
)

// callUnary calls the method of a request and writes its response. The call ends at
// the deadline, or when Grpc-Timeout has passed.
func (e *Edge) callUnary(deadline time.Time, w *responseWriter, r *http.Request, found *contract.Route, q *request.Request) {
	if timeout := header.Timeout(r.Header); timeout > 0 {
		if own := time.Now().Add(timeout); own.Before(deadline) {
			deadline = own
		}
	}
	arrived := time.Now()
	if err := w.held.Call(r.Context(), deadline); errors.Is(err, admission.ErrNoTurn) {
		problem.Overloaded().Write(w)
		return
	} else if err != nil {
		problem.ClientClosed().Write(w)
		return
	}
	defer w.held.Called()
	w.record.Waited(arrived)
	message, p := q.Message()
	if p != nil {
		p.Write(w)
		return
	}
	ctx := calls.WithDeadline(r.Context(), deadline)
	record, trace := w.record.Call()
	call := upstream.NewCall(ctx, append(append(q.Metadata, trace...), found.Form...), found)
	reply, err := call.Invoke(e.conn, message)
	record.End(status.Code(err))
	w.held.Called()
	defer reply.Free()
	if err != nil {
		call.Problem(err, e.log).Write(w)
		return
	}
	a := answer{edge: e, route: found, reply: reply, masked: isMasked(found, message.ProtoReflect())}
	a.write(w, r)
}

// isMasked reports whether a request has a read mask with paths.
func isMasked(found *contract.Route, message protoreflect.Message) bool {
	if found.ReadMask == nil || !message.Has(found.ReadMask) {
		return false
	}
	mask := message.Get(found.ReadMask).Message()
	return mask.Get(mask.Descriptor().Fields().ByName("paths")).List().Len() > 0
}
