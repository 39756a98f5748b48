package stream

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"

	"google.golang.org/protobuf/proto"

	"dataservice/gateway/calls"
	"dataservice/gateway/coding"
	"dataservice/gateway/contract"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
	"dataservice/gateway/request"
)

// Export responds with the messages of a server stream, one a line. An error
// before the first message is a problem. After it the connection is aborted, so
// that no client takes a part for all rows.
func (s *Server) Export(w http.ResponseWriter, r *http.Request, route *contract.Route, q *request.Request, held Memory) {
	message, p := q.Message()
	if p != nil {
		p.Write(w)
		return
	}
	if !held.Hold(limits.StreamBytes) {
		problem.Overloaded().Write(w)
		return
	}
	x, cancel, err := s.open(w, r, route, q, held)
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
	if s.CacheControl != nil {
		w.Header()["Cache-Control"] = s.CacheControl
	}
	chosen := x.chooseCoding()
	x.limitAnswer()
	if row == nil || r.Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return
	}
	if err := x.writeRows(row, chosen); err != nil {
		if r.Context().Err() == nil {
			s.Log.Warn("export_broken_off", "method", route.Method.FullName(), "error", err.Error())
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
func (x *exchange) writeRows(row *calls.Message, chosen coding.Coding) error {
	out := x.output(chosen)
	if err := x.copyRows(row, out); err != nil {
		return err
	}
	return out.Close()
}

// copyRows writes rows to the output.
func (x *exchange) copyRows(row *calls.Message, out coding.Writer) error {
	rows := &backlog{rows: make(chan *calls.Message, limits.ExportAhead), taken: make(chan struct{}, 1)}
	failed := make(chan error, 1)
	go func() {
		defer close(rows.rows)
		failed <- x.receiveRows(rows)
	}()
	var line []byte
	unflushed, largest := 0, limits.ExportAheadBytes
	for ok := true; ok; row, ok = rows.next() {
		line = append(append(line[:0], row.Bytes()...), '\n')
		row.Free()
		if more := len(line) - largest; more > 0 {
			if !x.held.Hold(limits.RowCopies * int64(more)) {
				return errNoMemory
			}
			largest = len(line)
		}
		x.limitAnswer()
		if _, err := out.Write(line); err != nil {
			return err
		}
		if unflushed += len(line); len(rows.rows) == 0 || unflushed > limits.UnflushedBytes {
			if err := out.Flush(); err != nil {
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

// receiveRows receives rows until the stream ends, and returns its error.
func (x *exchange) receiveRows(rows *backlog) error {
	for {
		row, err := x.receive()
		if err != nil {
			return err
		}
		if err := rows.add(x.stream.Context(), row); err != nil {
			return err
		}
	}
}

// backlog has the rows that were received and not yet written. One goroutine adds rows, and
// one takes them.
type backlog struct {
	rows  chan *calls.Message
	bytes atomic.Int64
	taken chan struct{}
}

// add adds a row, after those before it have become at most limits.ExportAheadBytes.
func (b *backlog) add(ctx context.Context, row *calls.Message) error {
	for b.bytes.Load() > limits.ExportAheadBytes {
		select {
		case <-b.taken:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	b.bytes.Add(int64(len(row.Bytes())))
	select {
	case b.rows <- row:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// next takes the next row; false after the last one.
func (b *backlog) next() (*calls.Message, bool) {
	row, ok := <-b.rows
	if ok {
		b.bytes.Add(-int64(len(row.Bytes())))
		select {
		case b.taken <- struct{}{}:
		default:
		}
	}
	return row, ok
}
