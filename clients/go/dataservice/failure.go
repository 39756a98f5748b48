package dataservice

import (
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The reasons of dataservice.v1.ErrorReason that decide a type or a repetition.
const (
	reasonRequestIDReused  = "REQUEST_ID_REUSED"
	reasonEtagMismatch     = "ETAG_MISMATCH"
	reasonOutcomeUnknown   = "OUTCOME_UNKNOWN"
	reasonStatementTimeout = "STATEMENT_TIMEOUT"
)

// failure is an error of a call before it has a type.
type failure struct {
	Error
	// canRetry: the service permits a repetition (it sent a RetryInfo).
	canRetry bool
}

// transportFailure returns the failure of an attempt that was sent. gRPC reports a stream
// that broke also as Internal or Unknown: after a reset, or without trailers. It has no
// details then, which the errors of the service have.
func transportFailure(method, requestID string, st *status.Status) *failure {
	if (st.Code() == codes.Internal || st.Code() == codes.Unknown) && len(st.Proto().GetDetails()) == 0 {
		st = status.New(codes.Unavailable, st.Message())
	}
	return newFailure(method, requestID, st)
}

func newFailure(method, requestID string, st *status.Status) *failure {
	f := &failure{Error: Error{
		Code: st.Code(), Message: st.Message(), RequestID: requestID,
		Method: strings.TrimPrefix(method, "/"), Attempts: 1, status: st,
	}}
	for _, detail := range st.Details() {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			f.Reason, f.Metadata = detail.GetReason(), detail.GetMetadata()
		case *errdetails.RetryInfo:
			f.canRetry, f.RetryAfter = true, detail.GetRetryDelay().AsDuration()
		case *errdetails.RequestInfo:
			f.RequestID = detail.GetRequestId()
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				f.Violations = append(f.Violations, Violation{violation.GetField(), violation.GetDescription()})
			}
		case *errdetails.PreconditionFailure:
			for _, violation := range detail.GetViolations() {
				f.Violations = append(f.Violations, Violation{violation.GetSubject(), violation.GetDescription()})
			}
		}
	}
	return f
}

// inDoubt reports whether a write that ended so may have been carried out.
func (f *failure) inDoubt() bool {
	switch f.Code {
	case codes.Unavailable:
		return !f.canRetry
	case codes.DeadlineExceeded:
		return f.Reason != reasonStatementTimeout
	case codes.Canceled:
		return true
	default:
		return f.Reason == reasonOutcomeUnknown
	}
}

// isTransient reports whether the error leaves open what an earlier attempt did.
func (f *failure) isTransient() bool {
	switch f.Code {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.ResourceExhausted, codes.Unauthenticated,
		codes.Internal, codes.Unknown:
		return true
	default:
		return f.canRetry
	}
}

// typed returns the error as the type that its code and reason stand for. inDoubt: this
// attempt or an earlier one may have carried out a write.
func (f *failure) typed(inDoubt bool) error {
	e := typed{f.Error}
	switch {
	case f.Reason == reasonOutcomeUnknown, inDoubt && f.isTransient():
		return &OutcomeUnknown{e}
	case f.Reason == reasonRequestIDReused:
		return &RequestIDReused{e}
	case f.Reason == reasonEtagMismatch:
		return &VersionMismatch{e}
	}
	switch f.Code {
	case codes.NotFound:
		return &NotFound{e}
	case codes.AlreadyExists:
		return &AlreadyExists{e}
	case codes.InvalidArgument:
		return &InvalidArgument{e}
	case codes.ResourceExhausted:
		if f.canRetry {
			return &TooBusy{e}
		}
	}
	return &f.Error
}
