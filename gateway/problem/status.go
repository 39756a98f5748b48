package edge

import (
	"net/http"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// statusClientClosed is what a request is logged with whose client left.
const statusClientClosed = 499

var codeNames = map[codes.Code]string{
	codes.OK: "OK", codes.Canceled: "CANCELLED", codes.Unknown: "UNKNOWN",
	codes.InvalidArgument: "INVALID_ARGUMENT", codes.DeadlineExceeded: "DEADLINE_EXCEEDED",
	codes.NotFound: "NOT_FOUND", codes.AlreadyExists: "ALREADY_EXISTS",
	codes.PermissionDenied: "PERMISSION_DENIED", codes.ResourceExhausted: "RESOURCE_EXHAUSTED",
	codes.FailedPrecondition: "FAILED_PRECONDITION", codes.Aborted: "ABORTED",
	codes.OutOfRange: "OUT_OF_RANGE", codes.Unimplemented: "UNIMPLEMENTED",
	codes.Internal: "INTERNAL", codes.Unavailable: "UNAVAILABLE",
	codes.DataLoss: "DATA_LOSS", codes.Unauthenticated: "UNAUTHENTICATED",
}

var httpStatuses = map[codes.Code]int{
	codes.Canceled: statusClientClosed, codes.InvalidArgument: http.StatusBadRequest,
	codes.DeadlineExceeded: http.StatusGatewayTimeout, codes.NotFound: http.StatusNotFound,
	codes.AlreadyExists: http.StatusConflict, codes.PermissionDenied: http.StatusForbidden,
	codes.ResourceExhausted: http.StatusTooManyRequests, codes.FailedPrecondition: http.StatusConflict,
	codes.Aborted: http.StatusConflict, codes.OutOfRange: http.StatusBadRequest,
	codes.Unimplemented: http.StatusNotImplemented, codes.Unavailable: http.StatusServiceUnavailable,
	codes.Unauthenticated: http.StatusUnauthorized,
}

// Reasons (google.rpc.ErrorInfo) that change the HTTP status of their code.
const (
	reasonETagMismatch    = "ETAG_MISMATCH"
	reasonRequestIDReused = "REQUEST_ID_REUSED"
)

// newStatusProblem turns an answer of the server into a problem. The binding's
// body field is cut from the fields that the server names, since the REST
// client does not see it.
func newStatusProblem(b *binding, st *status.Status) *Problem {
	code := st.Code()
	if _, known := codeNames[code]; !known || code == codes.OK {
		code = codes.Unknown
	}
	httpStatus, ok := httpStatuses[code]
	if !ok {
		httpStatus = http.StatusInternalServerError
	}
	p := newProblem(httpStatus, code, "", st.Message())
	retryInfo, element := false, ""
	for _, detail := range st.Details() {
		switch d := detail.(type) {
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				p.add(b, v.GetField(), v.GetDescription())
			}
		case *errdetails.PreconditionFailure:
			for _, v := range d.GetViolations() {
				p.add(b, v.GetSubject(), v.GetDescription())
			}
		case *errdetails.ErrorInfo:
			p.Reason = d.GetReason()
			element = d.GetMetadata()["element"]
		case *errdetails.RequestInfo:
			p.RequestID = d.GetRequestId()
		case *errdetails.RetryInfo:
			retryInfo = true
			p.retryAfter = max(d.GetRetryDelay().AsDuration(), 1)
		}
	}
	if element != "" && len(p.Errors) == 0 {
		// Of a batch, the one that failed.
		p.add(b, element, strings.TrimPrefix(st.Message(), element+": "))
	}
	switch {
	case code == codes.Aborted && p.Reason == reasonETagMismatch:
		p.setStatus(http.StatusPreconditionFailed)
	case code == codes.AlreadyExists && p.Reason == reasonRequestIDReused:
		p.setStatus(http.StatusUnprocessableEntity)
	case code == codes.ResourceExhausted && !retryInfo && b.HasBody:
		// Too much of everything is worth a retry, a message over the server's
		// limit is not, and gRPC itself refuses that one.
		p.setStatus(http.StatusRequestEntityTooLarge)
	case code == codes.Unauthenticated:
		p.with("Www-Authenticate", "Bearer")
	}
	if p.Detail == "" {
		p.Detail = p.Title + "."
	}
	return p
}

func (p *Problem) add(b *binding, field, description string) {
	if len(p.Errors) < maxViolations {
		p.Errors = append(p.Errors, Violation{Field: b.jsonPath(field), Description: description})
	}
}

func (p *Problem) setStatus(status int) {
	p.Status, p.Title = status, statusText(status)
}
