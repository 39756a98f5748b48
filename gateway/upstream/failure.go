package upstream

import (
	"log/slog"
	"net/http"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
)

// Problem returns the problem of a call that failed with this error, and logs it
// if an operator must know of it.
func (c *Call) Problem(err error, log *slog.Logger) *problem.Problem {
	st, isStatus := status.FromError(err)
	method := c.route.Method.FullName()
	switch {
	case !isStatus:
		log.Error("answer_unwritable", "method", method, "error", err.Error())
		return internal("The answer cannot be written as JSON.")
	case !c.reply.Answered || isOfStop(st):
		return c.unanswered(st, log)
	case st.Code() == codes.ResourceExhausted && c.reply.Incomplete:
		// The answer began but did not end: it is larger than the client's limit.
		log.Error("answer_too_large", "method", method, "error", st.Message())
		return internal("The answer is too large; ask for less.")
	}
	p := problem.OfStatus(st, c.route.HasBody, c.route.FieldName)
	if p.Status == http.StatusUnauthorized {
		p.With("Www-Authenticate", problem.Challenge(c.route.Realm, c.authorization()))
	}
	p.Detail += c.Note
	return p
}

// isOfStop reports that no handler of the server ended the call, but gRPC: it answers calls that
// arrive just when the server stops. Errors of handlers have details.
func isOfStop(st *status.Status) bool {
	return st.Code() == codes.Canceled && len(st.Proto().GetDetails()) == 0
}

// authorization returns the value of Authorization that the server has received; "" if
// it has received none.
func (c *Call) authorization() string {
	for i := 0; i+1 < len(c.metadata); i += 2 {
		if c.metadata[i] == "authorization" {
			return c.metadata[i+1]
		}
	}
	return ""
}

// unanswered returns the problem of a call without any answer from the server.
func (c *Call) unanswered(st *status.Status, log *slog.Logger) *problem.Problem {
	mayBeDone := c.reply.Peer.Addr != nil && !c.route.IsRead()
	const unknown = " Whether it was carried out is not known."
	code := st.Code()
	switch {
	case code == codes.Canceled && c.ctx.Err() == nil:
		// The gateway did not cancel the call: the server stopped during the call.
		code = codes.Unavailable
	case (code == codes.Internal || code == codes.Unknown) && c.reply.Peer.Addr != nil:
		// The stream was reset, or ended without trailers.
		code = codes.Unavailable
	}
	switch code {
	case codes.DeadlineExceeded:
		p := problem.New(http.StatusGatewayTimeout, st.Code(), problem.NoReason, "The request was not answered in time.")
		if mayBeDone {
			p.Detail += unknown
		}
		return p
	case codes.Canceled:
		return problem.ClientClosed()
	case codes.Unavailable:
		p := problem.New(http.StatusServiceUnavailable, code, problem.NoReason, "The data service cannot be reached.")
		if mayBeDone {
			p.Detail = "The connection to the data service was lost." + unknown
		} else {
			p.RetryAfter = limits.RetryAfter
		}
		return p
	}
	log.Error("call_unanswered", "method", c.route.Method.FullName(),
		"code", st.Code().String(), "error", st.Message())
	return internal("The data service could not be asked.")
}

func internal(detail string) *problem.Problem {
	return problem.New(http.StatusInternalServerError, codes.Internal, problem.NoReason, detail)
}
