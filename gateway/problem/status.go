package problem

import (
	"net/http"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dataservice/gateway/gen/engine"
	"dataservice/gateway/limits"
)

// StatusClientClosed is the status in the access log of a request whose client
// closed the connection before the answer.
const StatusClientClosed = 499

// ClientClosed returns the problem of a request whose client closed the connection.
func ClientClosed() *Problem {
	return New(StatusClientClosed, codes.Canceled, NoReason, "The client closed the request.")
}

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

// CodeName returns the name of a code in gRPC's specification.
func CodeName(code codes.Code) string {
	if name, ok := codeNames[code]; ok {
		return name
	}
	return codeNames[codes.Unknown]
}

var httpStatuses = map[codes.Code]int{
	codes.Canceled: StatusClientClosed, codes.InvalidArgument: http.StatusBadRequest,
	codes.DeadlineExceeded: http.StatusGatewayTimeout, codes.NotFound: http.StatusNotFound,
	codes.AlreadyExists: http.StatusConflict, codes.PermissionDenied: http.StatusForbidden,
	codes.ResourceExhausted: http.StatusTooManyRequests, codes.FailedPrecondition: http.StatusConflict,
	codes.Aborted: http.StatusConflict, codes.OutOfRange: http.StatusBadRequest,
	codes.Unimplemented: http.StatusNotImplemented, codes.Unavailable: http.StatusServiceUnavailable,
	codes.Unauthenticated: http.StatusUnauthorized,
}

// OfStatus returns the problem of a gRPC status of the server. hasBody reports
// whether the request had a body. fieldName converts the path of a request field
// to its name for REST clients.
func OfStatus(st *status.Status, hasBody bool, fieldName func(string) string) *Problem {
	code := st.Code()
	if _, known := codeNames[code]; !known || code == codes.OK {
		code = codes.Unknown
	}
	httpStatus, ok := httpStatuses[code]
	if !ok {
		httpStatus = http.StatusInternalServerError
	}
	p := New(httpStatus, code, NoReason, st.Message())
	retryInfo, element := false, ""
	for _, detail := range st.Details() {
		switch d := detail.(type) {
		case *errdetails.BadRequest:
			for _, v := range d.GetFieldViolations() {
				p.add(fieldName(v.GetField()), v.GetDescription())
			}
		case *errdetails.PreconditionFailure:
			for _, v := range d.GetViolations() {
				p.add(fieldName(v.GetSubject()), v.GetDescription())
			}
		case *errdetails.ErrorInfo:
			p.Reason = d.GetReason()
			element = d.GetMetadata()["element"]
		case *errdetails.RequestInfo:
			p.RequestID = d.GetRequestId()
		case *errdetails.RetryInfo:
			retryInfo = true
			p.RetryAfter = max(d.GetRetryDelay().AsDuration(), 1)
		}
	}
	if element != "" && len(p.Errors) == 0 {
		// The element of a batch that failed.
		p.add(fieldName(element), strings.TrimPrefix(st.Message(), element+": "))
	}
	switch {
	case code == codes.Aborted && p.Reason == engine.ErrorReason_ETAG_MISMATCH.String():
		p.setStatus(http.StatusPreconditionFailed)
	case code == codes.AlreadyExists && p.Reason == engine.ErrorReason_REQUEST_ID_REUSED.String():
		p.setStatus(http.StatusUnprocessableEntity)
	case code == codes.ResourceExhausted && !retryInfo && hasBody:
		// A server that is overloaded sends RetryInfo. Without RetryInfo the
		// message is larger than the server's limit.
		p.setStatus(http.StatusRequestEntityTooLarge)
	}
	if p.Detail == "" {
		p.Detail = p.Title + "."
	}
	return p
}

func (p *Problem) add(field, description string) {
	if len(p.Errors) < limits.Violations {
		p.Errors = append(p.Errors, Violation{Field: field, Description: description})
	}
}

func (p *Problem) setStatus(status int) {
	p.Status, p.Title = status, statusText(status)
}
