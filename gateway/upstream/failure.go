package edge

import (
	"context"
	"errors"
	"net/http"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// handleError answers a call that failed: here, on the way, or in the server.
func (e *Edge) handleError(ctx context.Context, _ *runtime.ServeMux, _ runtime.Marshaler,
	w http.ResponseWriter, _ *http.Request, err error,
) {
	c := callFrom(ctx)
	var condition *conditionError
	if errors.As(err, &condition) {
		c.answerCondition(w, condition.status)
		return
	}
	st, isStatus := status.FromError(err)
	md, _ := runtime.ServerMetadataFromContext(ctx)
	answered := len(md.HeaderMD)+len(md.TrailerMD) > 0
	switch {
	case c.binding == nil:
		badPath().write(w)
	case !c.sent:
		c.refused(err).write(w)
	case !isStatus:
		e.log.Error("answer cannot be written", "method", c.binding.Method.FullName(), "error", err.Error())
		newProblem(http.StatusInternalServerError, codes.Internal, "", "The answer cannot be written as JSON.").write(w)
	case !answered:
		e.unanswered(c, st).write(w)
	case st.Code() == codes.ResourceExhausted && len(md.TrailerMD) == 0:
		// The answer began and did not end: it is over the client's limit.
		e.log.Error("answer is too large", "method", c.binding.Method.FullName(), "error", st.Message())
		newProblem(http.StatusInternalServerError, codes.Internal, "", "The answer is too large; ask for less.").write(w)
	default:
		p := newStatusProblem(c.binding, st)
		p.Detail += c.note
		p.write(w)
	}
}

// answerCondition ends a read by its condition.
func (c *call) answerCondition(w http.ResponseWriter, code int) {
	w.Header().Del("Content-Type")
	if code == http.StatusNotModified {
		w.WriteHeader(code)
		return
	}
	delete(w.Header(), "ETag")
	newProblem(code, codes.Aborted, reasonETagMismatch, "The resource has another version than If-Match asks for.").write(w)
}

// refused is the problem of a request that grpc-gateway itself would not send.
func (c *call) refused(err error) *Problem {
	var found *faults
	if errors.As(err, &found) {
		return invalid("The body does not fit the contract.", found.violations...)
	}
	if c.body != nil {
		return diagnose(c.body, c.binding.body)
	}
	return invalid("The request does not fit the contract.")
}

// unanswered is the problem of a call to which the server said nothing.
func (e *Edge) unanswered(c *call, st *status.Status) *Problem {
	mayBeDone := c.peer.Addr != nil && !c.isRead()
	const unknown = " Whether it was carried out is not known."
	code := st.Code()
	if code == codes.Canceled && c.Err() == nil {
		// Nobody here cancelled: the server stopped under the call.
		code = codes.Unavailable
	}
	switch code {
	case codes.DeadlineExceeded:
		p := newProblem(http.StatusGatewayTimeout, st.Code(), "", "The request was not answered in time.")
		if mayBeDone {
			p.Detail += unknown
		}
		return p
	case codes.Canceled:
		return newProblem(statusClientClosed, st.Code(), "", "The client closed the request.")
	case codes.Unavailable:
		p := newProblem(http.StatusServiceUnavailable, code, "", "The data service cannot be reached.")
		if mayBeDone {
			p.Detail = "The connection to the data service was lost." + unknown
		} else {
			p.retryAfter = retryAfter
		}
		return p
	}
	e.log.Error("call failed without an answer", "method", c.binding.Method.FullName(),
		"code", st.Code().String(), "error", st.Message())
	return newProblem(http.StatusInternalServerError, codes.Internal, "", "The data service could not be asked.")
}
