package dataservice

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

const (
	getMethod    = "/test.ShelfService/GetShelf"
	exportMethod = "/test.ShelfService/ExportShelves"
	importMethod = "/test.ShelfService/ImportShelves"
	customMethod = "/test.ShelfService/MoveShelf"
)

// service is a caller whose calls a script answers.
type service struct {
	*caller
	script
}

func newService(t *testing.T, replies ...reply) *service {
	contract := Contract{
		method: identified, getMethod: {Effect: Read}, exportMethod: {Effect: Read},
		importMethod: {Effect: Write}, customMethod: custom,
	}
	retry := Retry{Attempts: 5, Base: 1, Cap: 1}
	return &service{&caller{contract: contract, retry: retry, deadline: time.Minute, telemetry: noTelemetry(t)}, script{replies: replies}}
}

func (s *service) call(ctx context.Context, method string) error {
	return s.unary(ctx, method, newMessage("CreateShelfRequest"), nil, nil, s.invoke)
}

// expect checks the read-consistency of all attempts so far.
func (s *service) expect(t *testing.T, expected ...string) {
	t.Helper()
	if !slices.Equal(s.consistency, expected) {
		t.Errorf("the attempts have %q, expected %q", s.consistency, expected)
	}
}

func TestOnlyEventualReadsSayWhatTheyMustSee(t *testing.T) {
	s := newService(t, ok, ok, ok, ok)
	ctx := context.Background()
	for _, call := range []struct {
		ctx    context.Context
		method string
	}{
		{EventualReads(ctx, 0), getMethod},
		{ctx, getMethod},
		{EventualReads(ctx, time.Second), method},
		{EventualReads(ctx, time.Second), customMethod},
	} {
		if err := s.call(call.ctx, call.method); err != nil {
			t.Fatal(err)
		}
	}
	s.expect(t, "eventual", "", "", "")
}

func TestMaxStalenessIsRoundedDownAndBounded(t *testing.T) {
	for given, expected := range map[time.Duration]string{
		1:                            "0ms",
		2*time.Millisecond - 1:       "1ms",
		250 * time.Millisecond:       "250ms",
		24*time.Hour - 1:             "86399999ms",
		time.Duration(math.MaxInt64): "86400000ms",
	} {
		s := newService(t, ok)
		if err := s.call(EventualReads(context.Background(), given), getMethod); err != nil {
			t.Fatal(err)
		}
		s.expect(t, "eventual; max-staleness="+expected)
	}
}

func TestANegativeMaxStalenessIsRefused(t *testing.T) {
	s := newService(t, ok)
	ctx := EventualReads(context.Background(), -1)
	if err := s.call(ctx, getMethod); !errors.As(err, new(*InvalidArgument)) {
		t.Errorf("a get: %v", err)
	}
	if _, err := s.stream(ctx, &grpc.StreamDesc{ServerStreams: true}, nil, exportMethod, nil); !errors.As(err, new(*InvalidArgument)) {
		t.Errorf("an export: %v", err)
	}
	if err := s.call(ctx, method); err != nil {
		t.Errorf("a write: %v", err)
	}
	s.expect(t, "")
}

func TestAnEventualReadSeesTheWritesBefore(t *testing.T) {
	for name, test := range map[string]struct {
		method string
		reply  reply
	}{
		"a write":                    {method, ok},
		"a write that failed":        {method, failed(codes.PermissionDenied)},
		"a custom method":            {customMethod, ok},
		"a method of no contract":    {"/other.Service/Do", ok},
		"a write of unknown outcome": {customMethod, inDoubt},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, test.reply, ok, ok, ok, ok)
				s.retry.Attempts = 1
				ctx := context.Background()
				_ = s.call(ctx, test.method)
				for _, step := range []struct {
					pause, limit time.Duration
				}{{0, 0}, {1500 * time.Microsecond, 0}, {time.Second, 250 * time.Millisecond}, {48 * time.Hour, 0}} {
					time.Sleep(step.pause)
					if err := s.call(EventualReads(ctx, step.limit), getMethod); err != nil {
						t.Fatal(err)
					}
				}
				s.expect(t, "", "eventual; max-staleness=0ms", "eventual; max-staleness=1ms", "eventual; max-staleness=250ms",
					"eventual; max-staleness=86400000ms")
			})
		})
	}
}

func TestARepeatedAttemptSaysAnewWhatItMustSee(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		later := failed(codes.Unavailable, reason("ROW_LOCKED"), retryInfo(100*time.Millisecond))
		s := newService(t, ok, later, later, ok)
		ctx := context.Background()
		if err := s.call(ctx, method); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
		if err := s.call(EventualReads(ctx, 200*time.Millisecond), getMethod); err != nil {
			t.Fatal(err)
		}
		s.expect(t, "", "eventual; max-staleness=20ms", "eventual; max-staleness=120ms", "eventual; max-staleness=200ms")
	})
}

func TestAllPagesOfAListAreEventual(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, ok, ok, ok)
		ctx := context.Background()
		if err := s.call(ctx, method); err != nil {
			t.Fatal(err)
		}
		tokens := []string{"2", ""}
		call := func(ctx context.Context, _ *dynamicpb.Message, _ ...grpc.CallOption) (*dynamicpb.Message, error) {
			page := newMessage("ListShelvesResponse")
			set(page, "next_page_token", tokens[0])
			tokens = tokens[1:]
			time.Sleep(30 * time.Millisecond)
			return page, s.call(ctx, getMethod)
		}
		rows := func(*dynamicpb.Message) []int { return []int{1} }
		for _, err := range List(EventualReads(ctx, 0), call, newMessage("Shelf"), rows, ListOptions{}) {
			if err != nil {
				t.Fatal(err)
			}
		}
		s.expect(t, "", "eventual; max-staleness=30ms", "eventual; max-staleness=60ms")
	})
}

func TestTheReadOfModifyIsNotEventual(t *testing.T) {
	s := newService(t, ok, ok)
	stored := parse(t, newMessage("Shelf"), `id: "1" etag: "v1"`)
	_, err := Modify(EventualReads(context.Background(), time.Second), shelfResource,
		func(ctx context.Context) (*dynamicpb.Message, error) { return stored, s.call(ctx, getMethod) },
		func(ctx context.Context, row *dynamicpb.Message, _ *fieldmaskpb.FieldMask) (*dynamicpb.Message, error) {
			return row, s.call(ctx, method)
		},
		func(row *dynamicpb.Message) error { set(row, "room", "b"); return nil })
	if err != nil {
		t.Error(err)
	}
	s.expect(t, "", "")
}

func TestStreamsAreReadsAndWritesToo(t *testing.T) {
	for name, leave := range map[string]func(context.CancelFunc, grpc.ClientStream) error{
		"with a response": func(_ context.CancelFunc, stream grpc.ClientStream) error { return stream.RecvMsg(nil) },
		"that is left": func(cancel context.CancelFunc, _ grpc.ClientStream) error {
			cancel()
			synctest.Wait()
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newService(t)
				open := func(ctx context.Context, _ *grpc.StreamDesc, _ *grpc.ClientConn, _ string, _ ...grpc.CallOption) (grpc.ClientStream, error) {
					sent, _ := metadata.FromOutgoingContext(ctx)
					s.consistency = append(s.consistency, sent.Get(readConsistencyHeader)...)
					return fixedStream{}, nil
				}
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				stream, err := s.stream(EventualReads(ctx, 0), &grpc.StreamDesc{ClientStreams: true}, nil, importMethod, open)
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
				if err := leave(cancel, stream); err != nil {
					t.Fatal(err)
				}
				time.Sleep(40 * time.Millisecond)
				rows := Export(EventualReads(context.Background(), 0), func(ctx context.Context) (onlyEnd, error) {
					_, err := s.stream(ctx, &grpc.StreamDesc{ServerStreams: true}, nil, exportMethod, open)
					return onlyEnd{}, err
				}, ExportOptions{})
				for _, err := range rows {
					t.Error(err)
				}
				s.expect(t, "eventual; max-staleness=40ms")
			})
		})
	}
}

// onlyEnd is an export without rows.
type onlyEnd struct{}

func (onlyEnd) Recv() (proto.Message, error) { return nil, io.EOF }

func TestTheLatestOfConcurrentWritesCounts(t *testing.T) {
	var writes lastWrite
	latest := time.Now()
	var group sync.WaitGroup
	for n := range 100 {
		group.Go(func() { writes.end(latest.Add(-time.Duration(n) * time.Second)) })
	}
	group.Wait()
	if !writes.at.Load().Equal(latest) {
		t.Errorf("%v, expected %v", writes.at.Load(), latest)
	}
	writes.end(latest.Add(time.Hour))
	if age, wrote := writes.age(); age != 0 || !wrote {
		t.Errorf("a write that ends after the read is sent is %v old", age)
	}
}
