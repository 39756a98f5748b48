package stream

import (
	"errors"
	"io"
	"net/http"

	"google.golang.org/protobuf/proto"

	"dataservice/gateway/calls"
	"dataservice/gateway/contract"
	"dataservice/gateway/limits"
	"dataservice/gateway/request"
)

// Export responds with the messages of a server stream, one a line. An error
// before the first message is a problem. After it the connection is aborted, so
// that no client takes a part for all rows.
func (s *Server) Export(w http.ResponseWriter, r *http.Request, route *contract.Route, q *request.Request) {
	message, problem := q.Message()
	if problem != nil {
		problem.Write(w)
		return
	}
	x, cancel, err := s.open(w, r, route, q)
	defer cancel()
	if err == nil {
		err = x.ask(message)
	}
	var row *calls.Message
	if err == nil {
		row, err = x.receive()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		x.fail(err)
		return
	}
	w.Header().Set("Content-Type", request.LinesType)
	x.limitAnswer()
	if row == nil || r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return
	}
	if err := x.writeRows(row); err != nil {
		if r.Context().Err() == nil {
			s.Log.Warn("export broken off", "method", route.Method.FullName(), "error", err.Error())
		}
		panic(http.ErrAbortHandler)
	}
}

// ask sends the request of an export.
func (x *exchange) ask(message proto.Message) error {
	if err := x.stream.SendMsg(message); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return x.stream.CloseSend() // receive returns the error of the stream
}

func (x *exchange) receive() (*calls.Message, error) {
	row := &calls.Message{}
	if err := x.stream.RecvMsg(row); err != nil {
		return nil, err
	}
	return row, nil
}

// writeRows writes rows as they arrive, beginning with the given one, until the
// stream ends. It flushes whenever no further row has arrived.
func (x *exchange) writeRows(row *calls.Message) error {
	rows := make(chan *calls.Message, limits.ExportAhead)
	failed := make(chan error, 1)
	go func() {
		defer close(rows)
		for {
			next, err := x.receive()
			if err != nil {
				failed <- err
				return
			}
			select {
			case rows <- next:
			case <-x.stream.Context().Done():
				failed <- x.stream.Context().Err()
				return
			}
		}
	}()
	var line []byte
	unflushed := 0
	for ok := true; ok; row, ok = <-rows {
		line = append(append(line[:0], row.Bytes()...), '\n')
		row.Free()
		x.limitAnswer()
		if _, err := x.writer.Write(line); err != nil {
			return err
		}
		if unflushed += len(line); len(rows) == 0 || unflushed > limits.UnflushedBytes {
			if err := x.control.Flush(); err != nil {
				return err
			}
			unflushed = 0
		}
	}
	if err := <-failed; !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}
