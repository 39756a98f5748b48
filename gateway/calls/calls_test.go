package calls

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"dataservice/gateway/limits"
)

// server is a data service that echoes: over Exchange, which it may not know,
// and as unary calls, which it counts.
type server struct {
	*grpc.Server
	address   string
	knows     bool
	alone     atomic.Int32
	streamed  atomic.Int32
	cancelled chan uint64
	// ending makes the server end a stream, with OK, instead of serving a batch.
	ending atomic.Bool
	// hold, if any, is closed when answers may leave.
	hold chan struct{}
}

func startServer(t testing.TB, address string, knows bool) *server {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{address: listener.Addr().String(), knows: knows, cancelled: make(chan uint64, 100)}
	s.Server = grpc.NewServer(grpc.ForceServerCodecV2(serverCodec{Codec}), grpc.UnknownServiceHandler(s.handle))
	go s.Serve(listener)
	t.Cleanup(s.Stop)
	return s
}

type serverCodec struct{ encoding.CodecV2 }

func (serverCodec) Name() string { return "test" }

func (s *server) handle(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	if method != exchange {
		s.alone.Add(1)
		var request Message
		if err := stream.RecvMsg(&request); err != nil {
			return err
		}
		if strings.HasSuffix(method, "/Never") {
			<-stream.Context().Done()
			return stream.Context().Err()
		}
		md, _ := metadata.FromIncomingContext(stream.Context())
		_ = stream.SetHeader(metadata.Pairs("seen", strings.Join(md.Get("note"), ",")))
		return stream.SendMsg(request.buffer)
	}
	if !s.knows {
		return status.Error(codes.Unimplemented, "no such service")
	}
	if err := stream.SendMsg([]byte(nil)); err != nil {
		return err
	}
	var mutex sync.Mutex
	for {
		var batch Message
		if err := stream.RecvMsg(&batch); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if s.ending.Load() {
			return nil
		}
		text := append([]byte(nil), batch.Bytes()...)
		batch.Free()
		go func() {
			answers := s.answers(text)
			if s.hold != nil {
				<-s.hold
			}
			mutex.Lock()
			defer mutex.Unlock()
			_ = stream.SendMsg(answers)
		}()
	}
}

// answers echoes the calls of a batch. A method that ends with /Fail fails with a
// detail, and /Never is not answered.
func (s *server) answers(batch []byte) (out []byte) {
	_ = readFields(batch, func(number protowire.Number, value []byte, varint uint64) error {
		if number == batchCancelled {
			s.cancelled <- varint
			return nil
		}
		s.streamed.Add(1)
		var id, timeout uint64
		var method, note string
		var request []byte
		_ = readFields(value, func(number protowire.Number, value []byte, varint uint64) error {
			switch number {
			case callID:
				id = varint
			case callMethod:
				method = string(value)
			case callRequest:
				request = value
			case callTimeout:
				timeout = varint
			case callMetadata:
				if key, text, _ := readMetadata(value); key == "note" {
					note = text
				}
			}
			return nil
		})
		if strings.HasSuffix(method, "/Never") {
			return nil
		}
		var a []byte
		a = protowire.AppendTag(a, answerID, protowire.VarintType)
		a = protowire.AppendVarint(a, id)
		if strings.HasSuffix(method, "/Fail") {
			st, _ := status.New(codes.Aborted, "again").WithDetails(&errdetails.ErrorInfo{Reason: "RACE"})
			details, _ := proto.Marshal(st.Proto())
			a = protowire.AppendTag(a, answerCode, protowire.VarintType)
			a = protowire.AppendVarint(a, uint64(codes.Aborted))
			a = appendText(a, answerMessage, "again")
			a = appendText(a, answerDetails, string(details))
		} else {
			var md []byte
			md = appendText(md, metadataKey, "seen")
			md = appendText(md, metadataValue, fmt.Sprint(note, timeout > 0))
			a = appendText(a, answerMetadata, string(md))
			a = appendText(a, answerResponse, string(request))
		}
		out = appendText(out, batchAnswers, string(a))
		return nil
	})
	return out
}

func connect(t testing.TB, address string) (*Conn, *grpc.ClientConn) {
	t.Helper()
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(1<<30)))
	if err != nil {
		t.Fatal(err)
	}
	c := New(conn, 2)
	t.Cleanup(func() { c.Close(); conn.Close() })
	return c, conn
}

// await waits until a condition holds.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 10 s", what)
		}
	}
}

func open2(c *Conn) bool { return c.streams[0].open.Load() != nil && c.streams[1].open.Load() != nil }

func soon(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestCallsShareAStream(t *testing.T) {
	s := startServer(t, "127.0.0.1:0", true)
	c, _ := connect(t, s.address)
	await(t, "streams", func() bool { return open2(c) })
	var group sync.WaitGroup
	for i := range 1000 {
		group.Go(func() {
			text := strings.Repeat(fmt.Sprint(i, " "), i%50)
			reply, err := c.Call(soon(t), "/a.B/Echo", []byte(text), []string{"note", fmt.Sprint(i)})
			if err != nil || string(reply.Bytes()) != text || reply.Metadata[1] != fmt.Sprint(i)+"true" ||
				reply.Peer.Addr == nil {
				t.Error(i, err, string(reply.Bytes()), reply.Metadata)
			}
			reply.Free()
			reply.Free()
		})
	}
	group.Wait()
	if s.streamed.Load() != 1000 || s.alone.Load() != 0 {
		t.Error(s.streamed.Load(), s.alone.Load())
	}
}

func TestCallHasMetadataPeerAndErrorsOfAGRPCCall(t *testing.T) {
	s := startServer(t, "127.0.0.1:0", true)
	c, _ := connect(t, s.address)
	await(t, "streams", func() bool { return open2(c) })
	reply, err := c.Call(soon(t), "/a.B/Echo", []byte("hello"), []string{"note", "x"})
	if err != nil || string(reply.Bytes()) != "hello" || !slices.Equal(reply.Metadata, []string{"seen", "xtrue"}) ||
		reply.Peer.Addr == nil {
		t.Error(err, string(reply.Bytes()), reply.Metadata, reply.Peer)
	}
	reply.Free()
	reply, err = c.Call(soon(t), "/a.B/Fail", []byte("hello"), nil)
	st := status.Convert(err)
	if st.Code() != codes.Aborted || st.Message() != "again" || len(st.Details()) != 1 ||
		st.Details()[0].(*errdetails.ErrorInfo).Reason != "RACE" || !reply.Answered {
		t.Error(st)
	}
}

func TestLargeRequestsGoAlone(t *testing.T) {
	s := startServer(t, "127.0.0.1:0", true)
	c, _ := connect(t, s.address)
	await(t, "streams", func() bool { return open2(c) })
	text := make([]byte, limits.LoneRequestBytes+1)
	reply, err := c.Call(soon(t), "/a.B/Echo", text, []string{"note", "large"})
	if err != nil || len(reply.Bytes()) != len(text) || s.alone.Load() != 1 {
		t.Error(err, len(reply.Bytes()), s.alone.Load())
	}
	for i := 0; i < len(reply.Metadata); i += 2 {
		if reply.Metadata[i] == "seen" && reply.Metadata[i+1] != "large" {
			t.Error(reply.Metadata)
		}
	}
	reply.Free()
}

func TestServerWithoutTheServiceGetsPlainCalls(t *testing.T) {
	s := startServer(t, "127.0.0.1:0", false)
	c, _ := connect(t, s.address)
	for range 20 {
		reply, err := c.Call(soon(t), "/a.B/Echo", []byte("hello"), nil)
		if err != nil || string(reply.Bytes()) != "hello" {
			t.Fatal(err)
		}
		reply.Free()
	}
	if s.alone.Load() != 20 {
		t.Error(s.alone.Load())
	}
}

func TestCancelledCallIsGivenUp(t *testing.T) {
	s := startServer(t, "127.0.0.1:0", true)
	c, _ := connect(t, s.address)
	await(t, "streams", func() bool { return open2(c) })
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := c.Call(ctx, "/a.B/Never", nil, nil); status.Code(err) != codes.Canceled {
		t.Error(err)
	}
	select {
	case <-s.cancelled:
	case <-time.After(5 * time.Second):
		t.Error("the server was not informed")
	}
	ctx, cancel = context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Call(ctx, "/a.B/Never", nil, nil); status.Code(err) != codes.DeadlineExceeded {
		t.Error(err)
	}
	if _, err := c.Call(ctx, "/a.B/Echo", nil, nil); status.Code(err) != codes.DeadlineExceeded {
		t.Error(err)
	}
	for i := range c.streams {
		if n := c.streams[i].open.Load().underWay.Load(); n != 0 {
			t.Error("still under way:", n)
		}
	}
}

func TestDeadlinesWithoutTimers(t *testing.T) {
	for _, knows := range []bool{true, false} {
		s := startServer(t, "127.0.0.1:0", knows)
		c, _ := connect(t, s.address)
		if knows {
			await(t, "streams", func() bool { return open2(c) })
		}
		ctx := WithDeadline(soon(t), time.Now().Add(60*time.Millisecond))
		began := time.Now()
		_, err := c.Call(ctx, "/a.B/Never", nil, nil)
		if took := time.Since(began); status.Code(err) != codes.DeadlineExceeded || took < 50*time.Millisecond || took > 2*time.Second {
			t.Errorf("knows %v: %v after %s", knows, err, took)
		}
		if _, err := c.Call(ctx, "/a.B/Echo", nil, nil); status.Code(err) != codes.DeadlineExceeded {
			t.Errorf("knows %v, afterwards: %v", knows, err)
		}
	}
}

func TestLostServerFailsCallsAndTheNextOneServes(t *testing.T) {
	s := startServer(t, "127.0.0.1:0", true)
	c, conn := connect(t, s.address)
	await(t, "streams", func() bool { return open2(c) })
	failed := make(chan error)
	go func() {
		_, err := c.Call(soon(t), "/a.B/Never", nil, nil)
		failed <- err
	}()
	await(t, "the call", func() bool { return s.streamed.Load() == 1 })
	s.Stop()
	if err := <-failed; status.Code(err) != codes.Unavailable {
		t.Error(err)
	}
	if _, err := c.Call(soon(t), "/a.B/Echo", nil, nil); status.Code(err) != codes.Unavailable {
		t.Error(err)
	}
	next := startServer(t, s.address, true)
	conn.ResetConnectBackoff()
	await(t, "streams", func() bool { conn.ResetConnectBackoff(); return open2(c) })
	reply, err := c.Call(soon(t), "/a.B/Echo", []byte("again"), nil)
	if err != nil || string(reply.Bytes()) != "again" || next.streamed.Load() != 1 {
		t.Error(err, next.streamed.Load())
	}
	reply.Free()
}

func TestCallsThatAStoppingServerDidNotBeginGoToTheNextOne(t *testing.T) {
	s := startServer(t, "127.0.0.1:0", true)
	c, _ := connect(t, s.address)
	await(t, "streams", func() bool { return open2(c) })
	s.ending.Store(true)
	for range 20 {
		reply, err := c.Call(soon(t), "/a.B/Echo", []byte("hello"), nil)
		if err != nil || string(reply.Bytes()) != "hello" {
			t.Fatal(err)
		}
		reply.Free()
	}
	if s.streamed.Load() != 0 || s.alone.Load() != 20 {
		t.Error(s.streamed.Load(), s.alone.Load())
	}
}

func TestMalformedAnswersEndTheStream(t *testing.T) {
	for _, text := range []string{"\x0a", "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", "\x0a\x02\x08", "\x00", "\x0b\x0b"} {
		if readAnswers([]byte(text), func(answer) {}) == nil {
			t.Errorf("%q is read", text)
		}
	}
}

func TestBatchIsWhatSizeSays(t *testing.T) {
	c := call{id: 300, method: "/a.B/C", request: make([]byte, 200), timeout: 1 << 40, metadata: []string{"k", strings.Repeat("v", 200)}}
	batch := appendCall(nil, &c)
	err := readFields(batch, func(number protowire.Number, value []byte, _ uint64) error {
		if number != batchCalls || len(value) != c.size() {
			t.Error(number, len(value), c.size())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func BenchmarkCall(b *testing.B) {
	s := startServer(b, "127.0.0.1:0", true)
	c, _ := connect(b, s.address)
	await(b, "streams", func() bool { return open2(c) })
	request := make([]byte, 40)
	b.SetParallelism(32)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			reply, err := c.Call(context.Background(), "/a.B/Echo", request, nil)
			if err != nil {
				b.Fatal(err)
			}
			reply.Free()
		}
	})
}
