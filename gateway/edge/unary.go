package edge

import (
	"context"
	"net/http"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/contract"
	"dataservice/gateway/encode"
	"dataservice/gateway/header"
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
	call := upstream.NewCall(ctx, header.Metadata(r), found)
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
