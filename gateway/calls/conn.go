// Package calls sends many unary calls in the messages of one stream
// (dataservice/v1/calls.proto), which costs both sides a part of what as many gRPC
// calls cost. Conn is a grpc.ClientConnInterface, so that generated clients run
// over it unchanged.
package calls

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/protobuf/proto"
)

const (
	// maxRequestBytes is the size from which a request goes as a call of its own,
	// so that it holds up no other.
	maxRequestBytes = 64 << 10
	// maxBatchBytes is the size of a batch to which nothing is added. With the last
	// call it stays below the server's limit of a message.
	maxBatchBytes = 1 << 20
	// maxUnderWay is how many calls of one stream may be under way; more go as
	// calls of their own, which gRPC's flow control and the server's limit of
	// streams hold back.
	maxUnderWay = 10000
)

// Conn sends unary calls over streams of a connection while it has them, and as
// gRPC calls of their own otherwise: before the first stream is open, while the
// server is away, for requests that are large, and where the server does not
// know the service. Streams of the contract always are gRPC streams.
//
// Calls behave as those of grpc.ClientConn do: deadline, cancellation, status
// with details, header metadata and peer. All methods are safe for concurrent
// use.
type Conn struct {
	conn    *grpc.ClientConn
	streams []slot
	next    atomic.Uint32
	stop    context.CancelFunc
	stopped sync.WaitGroup
}

// slot has the stream that is open; nil while there is none.
type slot struct{ open atomic.Pointer[stream] }

// New opens streams on a connection, and opens them again when they end. Close
// ends them; it does not close the connection.
func New(conn *grpc.ClientConn, streams int) *Conn {
	ctx, stop := context.WithCancel(context.Background())
	c := &Conn{conn: conn, streams: make([]slot, streams), stop: stop}
	for i := range c.streams {
		c.stopped.Add(1)
		go func() {
			defer c.stopped.Done()
			c.keepOpen(ctx, &c.streams[i])
		}()
	}
	return c
}

// Close ends the streams. Calls under way fail with UNAVAILABLE.
func (c *Conn) Close() {
	c.stop()
	c.stopped.Wait()
}

// NewStream opens a gRPC stream.
func (c *Conn) NewStream(ctx context.Context, description *grpc.StreamDesc, method string,
	options ...grpc.CallOption,
) (grpc.ClientStream, error) {
	return c.conn.NewStream(ctx, description, method, options...)
}

// Invoke makes a unary call. Of the call options it knows Header, Peer, and
// Trailer, which stays empty; a call with any other goes as one of its own.
func (c *Conn) Invoke(ctx context.Context, method string, request, response any,
	options ...grpc.CallOption,
) error {
	message, isMessage := request.(proto.Message)
	target, isTarget := response.(proto.Message)
	s := c.pick()
	if s == nil || !isMessage || !isTarget || !known(options) || proto.Size(message) > maxRequestBytes {
		return c.conn.Invoke(ctx, method, request, response, options...)
	}
	text, err := proto.Marshal(message)
	if err != nil {
		return err
	}
	var pairs []string
	if md, ok := metadata.FromOutgoingContext(ctx); ok {
		for key, values := range md {
			for _, value := range values {
				pairs = append(pairs, key, value)
			}
		}
	}
	reply, err := s.call(ctx, method, text, pairs)
	if err == errNotSent {
		return c.conn.Invoke(ctx, method, request, response, options...)
	}
	for _, option := range options {
		switch o := option.(type) {
		case grpc.HeaderCallOption:
			*o.HeaderAddr = reply.header()
		case grpc.PeerCallOption:
			*o.PeerAddr = s.peer
		}
	}
	if err != nil {
		return err
	}
	defer reply.Free()
	return proto.Unmarshal(reply.Bytes(), target)
}

func known(options []grpc.CallOption) bool {
	for _, option := range options {
		switch option.(type) {
		case grpc.HeaderCallOption, grpc.PeerCallOption, grpc.TrailerCallOption:
		default:
			return false
		}
	}
	return true
}

// Reply is the answer to a call. One goroutine uses it.
type Reply struct {
	// Peer is the server that answered; zero where no connection was reached.
	Peer peer.Peer
	// Metadata are the keys and values of the answer's header, in turn.
	Metadata []string
	// Answered reports that the server answered, with a response or an error. An
	// error without an answer is one of the connection, or of the context.
	Answered bool
	// Incomplete reports that the answer began and did not end, as an answer does that
	// is larger than the connection accepts.
	Incomplete bool
	bytes      []byte
	buffer     mem.Buffer
}

// Bytes are the response in Protobuf's binary form, valid until Free.
func (r *Reply) Bytes() []byte { return r.bytes }

// Buffer returns the memory that Bytes points into, for a holder that frees it
// instead of Free. It is nil for a response without bytes.
func (r *Reply) Buffer() mem.Buffer { return r.buffer }

// Free gives the memory of the response back. It may be called twice.
func (r *Reply) Free() {
	if r.buffer != nil {
		r.buffer.Free()
		r.buffer, r.bytes = nil, nil
	}
}

func (r *Reply) header() metadata.MD { return metadata.Pairs(r.Metadata...) }

// Call makes a unary call whose request and response are in Protobuf's binary
// form. The metadata are keys, in lower case, and values in turn. An error is a
// gRPC status; the reply has peer and metadata then, too, as far as there are any.
func (c *Conn) Call(ctx context.Context, method string, request []byte, pairs []string) (Reply, error) {
	if s := c.pick(); s != nil && len(request) <= maxRequestBytes {
		reply, err := s.call(ctx, method, request, pairs)
		if err != errNotSent {
			return reply, err
		}
	}
	return c.callAlone(ctx, method, request, pairs)
}

// callAlone makes a gRPC call of its own.
func (c *Conn) callAlone(ctx context.Context, method string, request []byte, pairs []string) (Reply, error) {
	var reply Reply
	var header, trailer metadata.MD
	var response mem.Buffer
	ctx = metadata.AppendToOutgoingContext(ctx, pairs...)
	err := c.conn.Invoke(ctx, method, request, &response, grpc.ForceCodecV2(bytesCodec{}),
		grpc.Header(&header), grpc.Trailer(&trailer), grpc.Peer(&reply.Peer))
	reply.Answered = len(header)+len(trailer) > 0
	reply.Incomplete = err != nil && len(header) > 0 && len(trailer) == 0
	for key, values := range header {
		for _, value := range values {
			reply.Metadata = append(reply.Metadata, key, value)
		}
	}
	if err == nil {
		reply.Answered = true
		reply.buffer, reply.bytes = response, response.ReadOnlyData()
	}
	return reply, err
}

// pick returns an open stream with room for a call, or nil. Streams take turns.
func (c *Conn) pick() *stream {
	for range c.streams {
		s := c.streams[int(c.next.Add(1))%len(c.streams)].open.Load()
		if s != nil && s.hasRoom() {
			return s
		}
	}
	return nil
}

const (
	// firstPause and longestPause are between two tries to open a stream.
	firstPause   = 50 * time.Millisecond
	longestPause = 5 * time.Second
)

// keepOpen opens the slot's stream, and again whenever it has ended.
func (c *Conn) keepOpen(ctx context.Context, slot *slot) {
	pause := firstPause
	for ctx.Err() == nil {
		s, err := open(ctx, c.conn)
		if err == nil {
			slot.open.Store(s)
			answered := s.serve()
			slot.open.Store(nil)
			s.fail()
			if answered {
				pause = firstPause
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
		pause = min(2*pause, longestPause)
	}
}
