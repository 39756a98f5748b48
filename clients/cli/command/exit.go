package command

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"google.golang.org/grpc/codes"

	"dataservice/client/dataservice"
)

// The exit codes, which scripts rely on.
const (
	exitOK = iota
	exitFailed
	exitUsage
	exitNotFound
	exitConflict
	exitInvalid
	exitUnavailable
	exitOutcomeUnknown
	exitRefused
	exitDenied

	exitInterrupted = 130 // as shells do for SIGINT
)

const exitHelp = `Exit codes:
  0  success
  1  another failure
  2  wrong arguments
  3  the resource does not exist
  4  conflict: it exists already, has another version, or a precondition fails
  5  values break rules of the contract
  6  the service is not available, too busy or too slow; nothing was done
  7  a write may have been carried out, and may not
  8  an import ended, and some lines were refused
  9  the caller is not known or not permitted
  130  interrupted; the same import goes on, another write may have been carried out`

// usageError is an error of the arguments.
type usageError struct{ error }

// errRefused ends an import with refused lines, which was reported already.
var errRefused = errors.New("some lines were refused")

// errInterrupted is the error of a command that a signal has ended.
var errInterrupted = errors.New("interrupted")

func exitCode(err error) int {
	var usage usageError
	var unknown *dataservice.OutcomeUnknown
	var e *dataservice.Error
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.Is(err, errRefused):
		return exitRefused
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &unknown):
		return exitOutcomeUnknown
	case !errors.As(err, &e):
		return exitFailed
	}
	switch e.Code {
	case codes.NotFound:
		return exitNotFound
	case codes.AlreadyExists, codes.Aborted, codes.FailedPrecondition:
		return exitConflict
	case codes.InvalidArgument, codes.OutOfRange:
		return exitInvalid
	case codes.Unavailable, codes.ResourceExhausted, codes.DeadlineExceeded:
		return exitUnavailable
	case codes.Unauthenticated, codes.PermissionDenied:
		return exitDenied
	}
	return exitFailed
}

// printError prints an error for people, with a line for each violation.
func printError(out io.Writer, err error) {
	var e *dataservice.Error
	if errors.Is(err, errInterrupted) || !errors.As(err, &e) {
		fmt.Fprintln(out, "error:", err)
		return
	}
	message := e.Message
	if len(e.Violations) > 0 {
		// The message of the service repeats the violations, which get a line each.
		first := e.Violations[0]
		message, _, _ = strings.Cut(message, fmt.Sprintf(": %s: %s", first.Field, first.Description))
	}
	fmt.Fprintf(out, "error: %s (%s)\n", message, e.Code)
	for _, violation := range e.Violations {
		fmt.Fprintf(out, "  %s: %s\n", violation.Field, violation.Description)
	}
	fmt.Fprintf(out, "  request id %s\n", e.RequestID)
}
