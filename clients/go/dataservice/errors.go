package dataservice

import (
	"context"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Error is the error of a call. Each error of a stub of a connection of Dial is an *Error
// or one of the types below, which contain one, so that errors.As finds both. Code and
// Reason are for programs; Message is for people.
type Error struct {
	// Code is the gRPC status code.
	Code codes.Code
	// Reason is a name of dataservice.v1.ErrorReason, or empty.
	Reason string
	// Message is the text of the service, or of the gRPC library.
	Message string
	// Method is the gRPC name of the method without the first slash.
	Method string
	// RequestID identifies the call in the logs of the service.
	RequestID string
	// Attempts is how often the call was sent, or was about to be sent.
	Attempts int
	// Violations are the fields that break a rule or a precondition.
	Violations []Violation
	// RetryAfter is the time after which the service permits a repetition; 0 if it does not
	// say so.
	RetryAfter time.Duration
	// Metadata are those of the error's ErrorInfo.
	Metadata map[string]string

	status *status.Status
}

// Violation is a field that breaks a rule.
type Violation struct {
	// Field is the path of the field in the request.
	Field string
	// Description says which rule is broken.
	Description string
}

// Error returns the error in one line, with the id of the request.
func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s", e.Method, e.Code)
	if e.Reason != "" {
		fmt.Fprintf(&text, " (%s)", e.Reason)
	}
	fmt.Fprintf(&text, ": %s", e.Message)
	for _, violation := range e.Violations {
		fmt.Fprintf(&text, "; %s: %s", violation.Field, violation.Description)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&text, " [request id %s]", e.RequestID)
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&text, " [%d attempts]", e.Attempts)
	}
	return text.String()
}

// GRPCStatus returns the status of the call, for status.FromError.
func (e *Error) GRPCStatus() *status.Status { return e.status }

// Is reports whether the error is the one of a context: errors.Is(err,
// context.DeadlineExceeded) holds for a call whose deadline has passed.
func (e *Error) Is(target error) bool {
	return target == context.DeadlineExceeded && e.Code == codes.DeadlineExceeded ||
		target == context.Canceled && e.Code == codes.Canceled
}

// base is Error under a name that does not hide its method of the same name.
type base = Error

// typed is what the types below have in common.
type typed struct{ base }

// Unwrap lets errors.As find the *Error in an error with a type of its own.
func (e *typed) Unwrap() error { return &e.base }

// NotFound: the resource does not exist.
type NotFound struct{ typed }

// AlreadyExists: a resource with this key exists.
type AlreadyExists struct{ typed }

// VersionMismatch: the resource does not have the version that the request names (its
// etag). Read it again, or use Modify.
type VersionMismatch struct{ typed }

// InvalidArgument: fields of the request break rules; Violations lists all of them.
type InvalidArgument struct{ typed }

// RequestIDReused: the request_id was used before by another request. Nothing was done.
type RequestIDReused struct{ typed }

// OutcomeUnknown: a write may have been carried out, and may not. To find out, read the
// resource, or repeat the call with the same request_id.
type OutcomeUnknown struct{ typed }

// TooBusy: the service had no capacity for the call until its deadline. Nothing was done;
// RetryAfter is the time after which to try again.
type TooBusy struct{ typed }
