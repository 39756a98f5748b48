package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/contract"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/header"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
	"dataservice/gateway/request"
)

// importAnswer is how the stream of an import ended.
type importAnswer struct {
	message proto.Message
	err     error
}

// Import sends each line of the body as a message of a client stream, and
// responds with the counts of the server. Lines that are not valid rows are
// counted and not sent. The body is read no faster than the server accepts
// messages. A line for which no memory is free ends the import.
func (s *Server) Import(w http.ResponseWriter, r *http.Request, route *contract.Route, q *request.Request, held Memory) {
	if p := request.CheckLines(r); p != nil {
		if r.Header.Get("Expect") == "" { // else the client waits before it sends
			request.Discard(w, r)
		}
		p.Write(w)
		return
	}
	if !held.Hold(limits.StreamBytes) {
		problem.Overloaded().With("Connection", "close").Write(w)
		return
	}
	x, cancel, err := s.open(w, r, route, q, held)
	defer cancel()
	if err != nil {
		x.fail(err)
		return
	}
	body := &idleReader{Reader: r.Body, control: x.control, idle: s.Idle}
	answered, read := make(chan importAnswer, 1), make(chan struct{})
	go func() {
		message, err := x.receiveAnswer()
		answered <- importAnswer{message, err}
		if err == nil {
			return
		}
		// Nothing more can be sent. A client that sends notices that with its next
		// line; a client that sends nothing is not waited for.
		select {
		case <-read:
		case <-time.After(limits.ImportEndTime):
			body.stop()
		}
	}()
	failures := &lineFailures{most: int(route.Limits.GetImportFailures())}
	broken := x.sendLines(newLineReader(body, s.MaxLineBytes, held), failures)
	close(read)
	_ = x.control.SetReadDeadline(time.Time{})
	_ = x.stream.CloseSend() // the answer has the error of the stream
	answer := <-answered
	x.limitAnswer()
	switch {
	case answer.err != nil:
		x.failImport(answer.err, body, failures)
	case broken != nil:
		x.brokenOff(broken, answer.message, failures).Write(w)
	default:
		x.writeAnswer(answer.message, failures)
	}
}

// receiveAnswer receives the answer to an import.
func (x *exchange) receiveAnswer() (proto.Message, error) {
	message := x.route.Import.Answer.New().Interface()
	return message, x.stream.RecvMsg(message)
}

// sendLines sends the lines that are valid rows, and records the others. It
// returns an error if the body cannot be read; the end of the stream is none.
func (x *exchange) sendLines(lines *lineReader, failures *lineFailures) error {
	for {
		line, err := lines.next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errLineTooLong):
			failures.add(problem.New(http.StatusRequestEntityTooLarge, codes.ResourceExhausted, engine.ErrorReason_BODY_TOO_LARGE,
				fmt.Sprintf("The line is longer than %d bytes.", lines.limit)))
			continue
		case err != nil:
			return err
		}
		before := x.held.Used()
		message, p := x.request.Line(line, x.held)
		switch {
		case p != nil && p.Status == http.StatusServiceUnavailable:
			return errNoMemory
		case p != nil:
			failures.add(p)
		case x.stream.SendMsg(message) != nil:
			return nil // the answer has the error of the stream
		default:
			failures.sent()
		}
		x.held.DropTo(before)
	}
}

// failImport responds to an import that the server has ended.
func (x *exchange) failImport(err error, body *idleReader, failures *lineFailures) {
	x.call.Note = failures.note()
	x.writer.Header().Set("Connection", "close") // else the server reads the body before it responds
	x.fail(err)
	_ = x.control.Flush()
	if !body.stopped.Load() {
		request.Discard(x.writer, x.http)
	}
}

// brokenOff returns the problem of a body that was not received completely.
func (x *exchange) brokenOff(err error, answer proto.Message, failures *lineFailures) *problem.Problem {
	m, i := answer.ProtoReflect(), x.route.Import
	done := fmt.Sprintf(" %d rows were imported before, and %d refused.", m.Get(i.Imported).Int(), m.Get(i.Failed).Int()+failures.count)
	if errors.Is(err, errNoMemory) {
		p := problem.Overloaded().With("Connection", "close")
		p.Detail += done
		return p
	}
	return request.Incomplete(err, "next line", done)
}

// writeAnswer responds with the server's answer and the lines that were not sent.
func (x *exchange) writeAnswer(answer proto.Message, failures *lineFailures) {
	failures.merge(x.route.Import, answer.ProtoReflect())
	text, err := answerJSON(answer, x.route.Answer)
	if err != nil {
		x.fail(err)
		return
	}
	x.writer.Header().Set("Content-Type", "application/json")
	x.writer.Header().Set("Content-Length", fmt.Sprint(len(text)))
	x.addConsistencyToken()
	_, _ = x.writer.Write(text) // the client may have closed the connection
}

// addConsistencyToken passes on the token with which a later read sees the rows; a server
// without a reader sends none.
func (x *exchange) addConsistencyToken() {
	metadata, err := x.stream.Header()
	if err != nil {
		return // the client has its answer without it
	}
	for _, token := range metadata.Get(header.ConsistencyTokenKey) {
		x.writer.Header().Set("Consistency-Token", token)
	}
}

// answerJSON returns the JSON of an answer; of a part of it, if that is not nil. All
// other answers of the server are JSON already; this one has failures of the gateway.
func answerJSON(answer proto.Message, part protoreflect.FieldDescriptor) ([]byte, error) {
	text, err := protojson.MarshalOptions{EmitDefaultValues: true}.Marshal(answer)
	if err != nil {
		return nil, err
	}
	if part != nil {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(text, &members); err != nil {
			return nil, err
		}
		if text = members[part.JSONName()]; text == nil {
			text = []byte("null")
		}
	}
	var compact bytes.Buffer
	err = json.Compact(&compact, text)
	return compact.Bytes(), err
}
