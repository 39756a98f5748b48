package dataservice

import (
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/durationpb"
)

// reply is what an attempt ends with. unsent: there was no connection to send it.
type reply struct {
	status *status.Status
	unsent bool
}

func failed(code codes.Code, details ...protoadapt.MessageV1) reply {
	st, err := status.New(code, "it failed").WithDetails(details...)
	if err != nil {
		panic(err)
	}
	return reply{status: st}
}

func retryInfo(delay time.Duration) *errdetails.RetryInfo {
	return &errdetails.RetryInfo{RetryDelay: durationpb.New(delay)}
}

func reason(name string) *errdetails.ErrorInfo { return &errdetails.ErrorInfo{Reason: name} }

// script answers attempts with its replies, one after the other, and records the ids that
// the attempts had, and their read-consistency.
type script struct {
	replies     []reply
	requestIDs  []string
	headers     []string
	consistency []string
}

func (s *script) invoke(ctx context.Context, _ string, request, _ any, _ *grpc.ClientConn, options ...grpc.CallOption) error {
	next := s.replies[len(s.headers)]
	sent, _ := metadata.FromOutgoingContext(ctx)
	s.headers = append(s.headers, sent.Get(requestIDHeader)...)
	s.consistency = append(s.consistency, strings.Join(sent.Get(readConsistencyHeader), ", "))
	message := request.(proto.Message).ProtoReflect()
	s.requestIDs = append(s.requestIDs, message.Get(message.Descriptor().Fields().ByName("request_id")).String())
	for _, option := range options {
		if option, ok := option.(grpc.PeerCallOption); ok && !next.unsent {
			*option.PeerAddr = peer.Peer{Addr: &net.TCPAddr{}}
		}
	}
	return next.status.Err()
}

const method = "/test.ShelfService/CreateShelf"

var (
	identified = Method{Effect: Write, RequestID: "request_id"}
	custom     = Method{Effect: Unknown}
	ok         = reply{status: status.New(codes.OK, "")}
	lost       = failed(codes.Unavailable)
	reset      = failed(codes.Unknown)
	noTrailers = failed(codes.Internal)
	unsent     = reply{status: status.New(codes.Unavailable, "connection refused"), unsent: true}
	inDoubt    = failed(codes.Unavailable, reason("OUTCOME_UNKNOWN"))
	busy       = failed(codes.ResourceExhausted, reason("QUEUE_FULL"), retryInfo(time.Millisecond))
	locked     = failed(codes.Unavailable, reason("ROW_LOCKED"), retryInfo(time.Millisecond))
)

func TestWhatIsRepeated(t *testing.T) {
	for name, test := range map[string]struct {
		method   Method
		replies  []reply
		attempts int
		err      any
	}{
		"a write with a request_id after a lost connection":    {identified, []reply{lost, ok}, 2, nil},
		"a write with a request_id whose outcome is unknown":   {identified, []reply{inDoubt, ok}, 2, nil},
		"a read after a lost connection":                       {Method{Effect: Read}, []reply{lost, lost, ok}, 3, nil},
		"a full queue":                                         {custom, []reply{busy, ok}, 2, nil},
		"a locked row":                                         {custom, []reply{locked, ok}, 2, nil},
		"a write with a request_id whose stream was reset":     {identified, []reply{reset, noTrailers, ok}, 3, nil},
		"an unidentified write whose stream was reset is not":  {custom, []reply{reset}, 1, new(*OutcomeUnknown)},
		"an internal error of the service is not":              {identified, []reply{failed(codes.Internal, reason("ROW_UNREADABLE"))}, 1, new(*Error)},
		"an internal error after a lost connection is not":     {identified, []reply{lost, failed(codes.Internal, reason("ROW_UNREADABLE"))}, 2, new(*OutcomeUnknown)},
		"no connection":                                        {custom, []reply{unsent, unsent, ok}, 3, nil},
		"an unidentified write after a lost connection is not": {custom, []reply{lost}, 1, new(*OutcomeUnknown)},
		"a write whose outcome stays unknown is OutcomeUnknown": {
			identified, []reply{lost, unsent, unsent, unsent, unsent}, 5, new(*OutcomeUnknown),
		},
		"a write that was never sent is not OutcomeUnknown": {identified, []reply{unsent, unsent, unsent, unsent, unsent}, 5, new(*Error)},
		"a queue that stays full is TooBusy":                {identified, []reply{busy, busy, busy, busy, busy}, 5, new(*TooBusy)},
		"a violation is not":                                {identified, []reply{failed(codes.InvalidArgument)}, 1, new(*InvalidArgument)},
		"a deadline of the service is not":                  {identified, []reply{failed(codes.DeadlineExceeded)}, 1, new(*OutcomeUnknown)},
		"a statement at its time limit is not":              {identified, []reply{failed(codes.DeadlineExceeded, reason("STATEMENT_TIMEOUT"))}, 1, new(*Error)},
		"a message that is too large is not":                {identified, []reply{failed(codes.ResourceExhausted)}, 1, new(*Error)},
		"an old version":                                    {identified, []reply{failed(codes.Aborted, reason("ETAG_MISMATCH"))}, 1, new(*VersionMismatch)},
		"a request_id of another request":                   {identified, []reply{failed(codes.AlreadyExists, reason("REQUEST_ID_REUSED"))}, 1, new(*RequestIDReused)},
	} {
		t.Run(name, func(t *testing.T) {
			s := &script{replies: test.replies}
			c := &caller{contract: Contract{method: test.method}, retry: Retry{Attempts: 5, Base: 1, Cap: 1}, deadline: time.Minute, telemetry: noTelemetry(t)}
			request := newMessage("CreateShelfRequest")
			err := c.unary(context.Background(), method, request, nil, nil, s.invoke)
			if (err == nil) != (test.err == nil) || err != nil && !errors.As(err, test.err) {
				t.Errorf("%T %v", err, err)
			}
			if _, isOutcome := test.err.(**OutcomeUnknown); !isOutcome && errors.As(err, new(*OutcomeUnknown)) {
				t.Errorf("the outcome is known: %v", err)
			}
			if len(s.headers) != test.attempts {
				t.Errorf("%d attempts", len(s.headers))
			}
			for _, ids := range [][]string{s.headers, s.requestIDs} {
				if len(slices.Compact(ids)) != 1 {
					t.Errorf("the attempts have different ids: %v", ids)
				}
			}
			if hasID := s.requestIDs[0] != ""; hasID != (test.method.RequestID != "") {
				t.Errorf("the request_id is %q", s.requestIDs[0])
			}
			if err != nil && !strings.Contains(err.Error(), s.headers[0]) {
				t.Errorf("the message has no request id: %v", err)
			}
			if request.Get(request.Descriptor().Fields().ByName("request_id")).String() != "" {
				t.Error("the request of the caller was changed")
			}
		})
	}
}

func TestARequestThatCannotBeEncodedIsNotRepeated(t *testing.T) {
	s := &script{replies: []reply{failed(codes.Internal)}}
	c := &caller{contract: Contract{method: identified}, retry: Retry{}.withDefaults(), deadline: time.Minute, telemetry: noTelemetry(t)}
	request := newMessage("CreateShelfRequest")
	shelf := request.Mutable(request.Descriptor().Fields().ByName("shelf")).Message()
	shelf.Set(shelf.Descriptor().Fields().ByName("id"), protoreflect.ValueOfString("\xff"))
	err := c.unary(context.Background(), method, request, nil, nil, s.invoke)
	if status.Code(err) != codes.Internal || len(s.headers) != 1 || errors.As(err, new(*OutcomeUnknown)) {
		t.Errorf("%v", err)
	}
}

func TestARequestIDOfTheCallerIsKept(t *testing.T) {
	s := &script{replies: []reply{lost, ok}}
	c := &caller{contract: Contract{method: identified}, retry: Retry{Attempts: 2, Base: 1, Cap: 1}, deadline: time.Minute, telemetry: noTelemetry(t)}
	request := parse(t, newMessage("CreateShelfRequest"), `request_id: "mine"`)
	if err := c.unary(context.Background(), method, request, nil, nil, s.invoke); err != nil || s.requestIDs[1] != "mine" {
		t.Errorf("%v, %v", err, s.requestIDs)
	}
}

func TestNothingIsRepeatedAfterTheDeadline(t *testing.T) {
	s := &script{replies: []reply{failed(codes.Unavailable, retryInfo(time.Hour))}}
	c := &caller{contract: Contract{method: identified}, retry: Retry{}.withDefaults(), deadline: time.Minute, telemetry: noTelemetry(t)}
	start := time.Now()
	err := c.unary(context.Background(), method, newMessage("CreateShelfRequest"), nil, nil, s.invoke)
	var e *Error
	if !errors.As(err, &e) || e.RetryAfter != time.Hour || time.Since(start) > time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

func TestPausesAreRandomWithinTheirLimits(t *testing.T) {
	retry := Retry{Attempts: 9, Base: 10 * time.Millisecond, Cap: 25 * time.Millisecond}
	for n, longest := range map[int]time.Duration{1: 10, 2: 20, 3: 25, 63: 25, 100: 25} {
		seen := map[time.Duration]bool{}
		for range 100 {
			pause := retry.pause(n, time.Second) - time.Second
			if pause < 0 || pause > longest*time.Millisecond {
				t.Fatalf("pause %d is %v", n, pause)
			}
			seen[pause] = true
		}
		if len(seen) < 50 {
			t.Errorf("pause %d has %d values", n, len(seen))
		}
	}
}

func TestDetailsOfAnError(t *testing.T) {
	s := &script{replies: []reply{failed(codes.FailedPrecondition, reason("UNIQUE_BROKEN"), &errdetails.RequestInfo{RequestId: "in the log"},
		&errdetails.PreconditionFailure{Violations: []*errdetails.PreconditionFailure_Violation{{Subject: "shelf.room", Description: "exists"}}})}}
	c := &caller{contract: Contract{method: identified}, retry: Retry{}.withDefaults(), deadline: time.Minute, telemetry: noTelemetry(t)}
	err := c.unary(context.Background(), method, newMessage("CreateShelfRequest"), nil, nil, s.invoke)
	const text = "test.ShelfService/CreateShelf: FailedPrecondition (UNIQUE_BROKEN): it failed; shelf.room: exists [request id in the log]"
	if err.Error() != text || status.Code(err) != codes.FailedPrecondition {
		t.Errorf("%v", err)
	}
}

func TestReasonsAreThoseOfTheService(t *testing.T) {
	definition, err := os.ReadFile("../../../proto/dataservice/v1/error_reason.proto")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{reasonRequestIDReused, reasonEtagMismatch, reasonOutcomeUnknown, reasonStatementTimeout} {
		if !strings.Contains(string(definition), "\n  "+name+" = ") {
			t.Errorf("no reason %s", name)
		}
	}
}

func TestTheCopyOfARequestHasAllFields(t *testing.T) {
	request := parse(t, newMessage("CreateShelfRequest"), `shelf { id: "1" tags: "x" tags: "y" }`)
	request.SetUnknown(protoreflect.RawFields{0x98, 0x06, 0x01})
	copied, has := identify(request, "request_id", "new")
	set(request, "request_id", "new")
	if !has || !proto.Equal(copied.(proto.Message), request) {
		t.Errorf("%v", copied)
	}
}
