package calls

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"dataservice/gateway/limits"
)

const exchange = "/dataservice.v1.CallService/Exchange"

// errNotSent reports that a call was not executed, because its stream has ended.
var errNotSent = errors.New("the stream has ended")

// errLost is what calls get that were under way when their stream ended. Whether
// the server carried them out is not known, as with a unary call whose
// connection is lost.
var errLost = status.Error(codes.Unavailable, "the connection to the server was lost")

// stream is one Exchange. Two goroutines move its messages: one sends what the
// callers have appended to the batch, the other one hands answers out.
type stream struct {
	client grpc.ClientStream
	peer   peer.Peer
	cancel context.CancelFunc

	underWay atomic.Int32

	mutex sync.Mutex
	ready sync.Cond // the batch is not empty, or the stream has ended
	// batch is the CallBatch that leaves next.
	batch []byte
	ended bool
	// complete reports that the server ended the stream after it had answered all calls
	// that it began: a call without an answer was not executed.
	complete bool
	nextID   uint64
	waiting  map[uint64]*pending
}

// pending is a call that waits for its answer.
type pending struct {
	done   chan struct{} // gets one value with the answer
	answer answer
	buffer mem.Buffer // holds the answer's bytes
	// failure is set if no answer came: errLost, errNotSent or errExpired.
	failure error
	// deadline is when the call expires; zero is never.
	deadline time.Time
}

var pendings = sync.Pool{New: func() any { return &pending{done: make(chan struct{}, 1)} }}

// open opens a stream. It fails at once while the connection is down.
func open(ctx context.Context, conn *grpc.ClientConn) (*stream, error) {
	ctx, cancel := context.WithCancel(ctx)
	client, err := conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, exchange,
		grpc.ForceCodecV2(Codec), grpc.MaxCallRecvMsgSize(limits.AnswerBatchBytes))
	if err != nil {
		cancel()
		return nil, err
	}
	// The server sends its header at once: where it does not know the service,
	// this fails before a call is put on the stream.
	if header, err := client.Header(); err != nil || header == nil {
		cancel()
		return nil, errors.Join(err, errNotSent)
	}
	s := &stream{client: client, cancel: cancel, waiting: map[uint64]*pending{}}
	if p, ok := peer.FromContext(client.Context()); ok {
		s.peer = *p
	}
	s.ready.L = &s.mutex
	return s, nil
}

func (s *stream) hasRoom() bool { return s.underWay.Load() < limits.CallsUnderWay }

// serve moves messages until the stream ends, and reports whether any answer came.
func (s *stream) serve() (answered bool) {
	sending := make(chan struct{})
	go func() {
		defer close(sending)
		s.send()
	}()
	ended := make(chan struct{})
	defer close(ended)
	go s.watchDeadlines(ended)
	for {
		var message Message
		if err := s.client.RecvMsg(&message); err != nil {
			s.mutex.Lock()
			s.complete = errors.Is(err, io.EOF)
			s.mutex.Unlock()
			break
		}
		answered = true
		err := readAnswers(message.Bytes(), func(a answer) { s.deliver(a, message.buffer) })
		message.Free()
		if err != nil {
			break
		}
	}
	s.end()
	<-sending
	return answered
}

// send sends the batch whenever it is not empty.
func (s *stream) send() {
	for {
		batch := s.take()
		if batch == nil {
			return
		}
		if s.client.SendMsg(*batch) != nil {
			s.end()
			return
		}
	}
}

// take waits for calls and returns the batch of them; nil when the stream has ended.
func (s *stream) take() *mem.Buffer {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for len(s.batch) == 0 && !s.ended {
		s.ready.Wait()
		// Callers that are ready to run append their calls first.
		s.mutex.Unlock()
		runtime.Gosched()
		s.mutex.Lock()
	}
	if s.ended {
		return nil
	}
	text := s.batch
	buffer := mem.NewBuffer(&text, batches)
	s.batch = *batches.Get(0)
	return &buffer
}

// end ends the stream; what waits is failed by fail.
func (s *stream) end() {
	s.mutex.Lock()
	s.ended = true
	s.mutex.Unlock()
	s.ready.Broadcast()
	s.cancel()
}

// fail answers the calls that wait on a stream that has ended.
func (s *stream) fail() {
	s.mutex.Lock()
	waiting := s.waiting
	s.waiting = nil
	s.mutex.Unlock()
	failure := errLost
	if s.complete {
		failure = errNotSent
	}
	for _, p := range waiting {
		p.failure = failure
		p.done <- struct{}{}
	}
}

// deliver gives a call its answer, whose bytes are in buffer.
func (s *stream) deliver(a answer, buffer mem.Buffer) {
	s.mutex.Lock()
	p := s.waiting[a.id]
	delete(s.waiting, a.id)
	s.mutex.Unlock()
	if p == nil {
		return // given up
	}
	p.answer = a
	if len(a.response) > 0 {
		buffer.Ref()
		p.buffer = buffer
	}
	p.done <- struct{}{}
}

// call makes a call and waits for its answer.
func (s *stream) call(ctx context.Context, method string, request []byte, pairs []string) (Reply, error) {
	c := call{method: method, request: request, metadata: pairs}
	deadline, limited := ctx.Deadline()
	if limited {
		left := time.Until(deadline)
		if left <= 0 {
			return Reply{}, errExpired
		}
		c.timeout = uint64(max(left.Microseconds(), 1))
	}
	p := pendings.Get().(*pending)
	p.deadline = deadline
	if !s.put(&c, p) {
		pendings.Put(p)
		return Reply{}, errNotSent
	}
	s.underWay.Add(1)
	defer s.underWay.Add(-1)
	select {
	case <-p.done:
	case <-ctx.Done():
		if s.giveUp(c.id) {
			pendings.Put(p)
			return Reply{Peer: s.peer}, status.FromContextError(ctx.Err()).Err()
		}
		<-p.done // the answer comes this moment
	}
	reply, err := p.reply()
	reply.Peer = s.peer
	*p = pending{done: p.done}
	pendings.Put(p)
	return reply, err
}

// put appends a call to the batch; false where the stream has ended, or does not get
// rid of what waits.
func (s *stream) put(c *call, p *pending) bool {
	s.mutex.Lock()
	if s.ended || len(s.batch) > limits.BatchBytes {
		s.mutex.Unlock()
		return false
	}
	s.nextID++
	c.id = s.nextID
	s.waiting[c.id] = p
	idle := len(s.batch) == 0
	s.batch = appendCall(s.batch, c)
	s.mutex.Unlock()
	if idle {
		s.ready.Signal()
	}
	return true
}

// giveUp tells the server that nobody waits for a call; false where its answer
// has come.
func (s *stream) giveUp(id uint64) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.waiting[id] == nil {
		return false
	}
	s.abandon(id)
	return true
}

// abandon forgets a call that waits, and informs the server. The mutex is held.
func (s *stream) abandon(id uint64) {
	delete(s.waiting, id)
	s.batch = appendCancelled(s.batch, id)
	s.ready.Signal()
}

// reply is what the caller gets of a pending call.
func (p *pending) reply() (Reply, error) {
	if p.failure != nil {
		return Reply{}, p.failure
	}
	reply := Reply{Metadata: p.answer.metadata, Answered: true, Message: Message{p.answer.response, p.buffer}}
	if p.answer.code == uint32(code.Code_OK) {
		return reply, nil
	}
	reply.Free()
	return reply, p.answer.err()
}

// err is the status of an answer that is an error.
func (a *answer) err() error {
	var details rpcstatus.Status
	if len(a.details) > 0 && proto.Unmarshal(a.details, &details) == nil && details.Code == int32(a.code) {
		return status.ErrorProto(&details)
	}
	return status.Error(codes.Code(a.code), a.message)
}
