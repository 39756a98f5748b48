package edge

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// importAnswer is how the server's stream ended.
type importAnswer struct {
	response proto.Message
	err      error
}

// importLines sends each line of the body as a message of a client stream, and
// answers with what became of them. Lines that are none of the contract's JSON
// are counted, and left out. The client is read no faster than the server
// takes messages.
func (e *Edge) importLines(c *call, r *http.Request) {
	if problem := checkLineMedia(r); problem != nil {
		c.discard(r)
		problem.write(&c.writer)
		return
	}
	stream, cancel, err := e.openStream(c, r)
	defer cancel()
	if err != nil {
		e.failStream(c, r, stream, err)
		return
	}
	control := http.NewResponseController(c.writer.ResponseWriter)
	body := &patientReader{Reader: r.Body, control: control, idle: e.settings.StreamIdle}
	answered, read := make(chan importAnswer, 1), make(chan struct{})
	go func() {
		response, err := c.receive(stream)
		answered <- importAnswer{response, err}
		if err == nil {
			return
		}
		// There is no use in reading on. A client that is sending finds out with
		// its next line, and can be answered; one that is silent is not waited for.
		select {
		case <-read:
		case <-time.After(answerTime):
			body.stop()
		}
	}()
	failures := &lineFailures{}
	broken := c.sendLines(stream, newLineReader(body, e.settings.MaxBodyBytes), failures)
	close(read)
	_ = control.SetReadDeadline(time.Time{})
	_ = stream.CloseSend() // an error comes with the answer
	answer := <-answered
	switch {
	case answer.err != nil:
		c.note = failures.note()
		c.writer.Header().Set("Connection", "close") // or net/http would read on before it answers
		e.failStream(c, r, stream, answer.err)
		_ = control.Flush()
		if !body.stopped.Load() {
			c.discard(r) // a client that is busy sending gets to see the answer
		}
	case broken != nil:
		c.binding.lines.brokenOff(broken, answer.response, failures).write(&c.writer)
	default:
		c.binding.lines.merge(answer.response, failures)
		text, err := marshal(answer.response.ProtoReflect(), nil)
		if err != nil {
			e.failStream(c, r, stream, err)
			return
		}
		c.writer.Header().Set("Content-Type", "application/json")
		c.writer.Header().Set("Content-Length", fmt.Sprint(len(text)))
		_, _ = c.writer.Write(text) // a client that is gone needs no answer
	}
}

// sendLines sends the lines that can be sent, and notes the others. It fails
// where the body does; a stream that has ended ends it too.
func (c *call) sendLines(stream grpc.ClientStream, lines *lineReader, failures *lineFailures) error {
	for {
		line, err := lines.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLineTooLong):
			failures.add(newProblem(http.StatusRequestEntityTooLarge, codes.ResourceExhausted, "BODY_TOO_LARGE",
				fmt.Sprintf("The line is longer than %d bytes.", lines.limit)))
			continue
		case err != nil:
			return err
		}
		request, problem := c.binding.lines.decode(line)
		if problem != nil {
			failures.add(problem)
			continue
		}
		if err := stream.SendMsg(request); err != nil {
			return nil // the answer says why
		}
		failures.sent()
	}
}

// importLines is the form of an import: its lines, and its response.
type importLines struct {
	request protoreflect.MessageDescriptor
	// create is a route of the unary method that takes the same request: what
	// its body is, a line is.
	create *binding
	// Of the response, and of one of its failures.
	imported, failed, failures, position, status protoreflect.FieldDescriptor
}

func newImportLines(b *binding, bindings map[string]*binding) (*importLines, error) {
	l := &importLines{request: b.Method.Input()}
	for _, key := range sortedKeys(bindings) {
		if other := bindings[key]; other.Method.Input() == b.Method.Input() && other.Body != nil && other.BodyMessage() != nil {
			l.create = other
		}
	}
	fields := b.Method.Output().Fields()
	l.imported, l.failed = fields.ByName("imported_count"), fields.ByName("failed_count")
	if l.failures = fields.ByName("failures"); l.failures != nil && l.failures.IsList() && l.failures.Message() != nil {
		l.position = l.failures.Message().Fields().ByName("position")
		l.status = l.failures.Message().Fields().ByName("status")
	}
	if l.create == nil || l.imported == nil || l.failed == nil || l.position == nil || l.status == nil {
		return nil, fmt.Errorf("%s is a client stream, but no import: it must take the request of a unary method with "+
			"a body, and answer imported_count, failed_count and failures with position and status", b.Method.FullName())
	}
	return l, nil
}

// decode reads a line as strictly as a body.
func (l *importLines) decode(line []byte) (proto.Message, *Problem) {
	request, err := newMessage(l.request)
	if err != nil {
		return nil, newProblem(http.StatusInternalServerError, codes.Internal, "", "The gateway failed.")
	}
	row := request.ProtoReflect().Mutable(l.create.Body).Message()
	if err := protojson.Unmarshal(line, row.Interface()); err != nil {
		return nil, diagnose(line, l.create.body)
	}
	return request, nil
}
