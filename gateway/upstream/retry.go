package upstream

import (
	"context"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dataservice/gateway/calls"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/limits"
)

// call makes a unary call, and makes it again with another server if one could not serve it and
// a repetition is safe.
func (c *Conn) call(ctx context.Context, method string, request []byte, metadata []string, isRead bool) (calls.Reply, error) {
	var tried []*server
	s := c.pick(nil)
	if s == nil {
		return calls.Reply{}, errNoServer
	}
	for {
		reply, err := s.calls.Call(ctx, method, request, metadata)
		if err == nil || !mayRepeat(&reply, err, isRead) || len(tried)+1 >= limits.ServersTried || ctx.Err() != nil {
			return reply, err
		}
		tried = append(tried, s)
		if s = c.pick(tried); s == nil || s.rank() == 0 {
			return reply, err
		}
		reply.Free()
	}
}

// mayRepeat reports whether another server may get the call: the server did nothing, or the call
// only reads and got no answer.
func mayRepeat(reply *calls.Reply, err error, isRead bool) bool {
	st := status.Convert(err)
	if isOfStop(st) {
		return isRead
	}
	if st.Code() != codes.Unavailable {
		return false
	}
	if !reply.Answered {
		return isRead || reply.Peer.Addr == nil
	}
	for _, detail := range st.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.Reason == engine.ErrorReason_SHUTTING_DOWN.String() ||
				info.Reason == engine.ErrorReason_DATABASE_UNAVAILABLE.String()
		}
	}
	return false
}
