package edge

import (
	"errors"
	"io"
	"net/http"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// exportLines answers with the messages of a server stream, one a line. What
// fails before the first is an error like any other; later the connection is
// broken off, so that nobody takes a part for the whole.
func (e *Edge) exportLines(c *call, r *http.Request) {
	stream, cancel, err := e.openStream(c, r)
	defer cancel()
	if err == nil {
		err = e.askExport(c, stream)
	}
	var row proto.Message
	if err == nil {
		row, err = c.receive(stream)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		e.failStream(c, r, stream, err)
		return
	}
	c.writer.Header().Set("Content-Type", ndjson)
	if row == nil || c.head {
		c.writer.WriteHeader(http.StatusOK)
		return
	}
	if err := e.writeRows(c, stream, row); err != nil {
		if c.client.Err() == nil {
			e.log.Warn("export broken off", "method", c.binding.Method.FullName(), "error", err.Error())
		}
		panic(http.ErrAbortHandler)
	}
}

// askExport sends the request, which the query fills (requestStream).
func (e *Edge) askExport(c *call, stream grpc.ClientStream) error {
	request, err := newMessage(c.binding.Method.Input())
	if err != nil {
		return err
	}
	if err := stream.SendMsg(request); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return stream.CloseSend() // an error comes with the answer
}

func (c *call) receive(stream grpc.ClientStream) (proto.Message, error) {
	row, err := newMessage(c.binding.Method.Output())
	if err != nil {
		return nil, err
	}
	if err := stream.RecvMsg(row); err != nil {
		return nil, err
	}
	return row, nil
}

// writeRows writes rows as they come, the first given, until the stream ends.
// The client gets what there is whenever there is no more at hand.
func (e *Edge) writeRows(c *call, stream grpc.ClientStream, row proto.Message) error {
	rows := make(chan proto.Message, exportAhead)
	failed := make(chan error, 1)
	go func() {
		defer close(rows)
		for {
			next, err := c.receive(stream)
			if err != nil {
				failed <- err
				return
			}
			select {
			case rows <- next:
			case <-stream.Context().Done():
				failed <- stream.Context().Err()
				return
			}
		}
	}()
	control := http.NewResponseController(c.writer.ResponseWriter)
	unflushed := 0
	for ok := true; ok; row, ok = <-rows {
		line, err := marshal(row.ProtoReflect(), nil)
		if err != nil {
			return err
		}
		_ = control.SetWriteDeadline(time.Now().Add(e.settings.StreamIdle))
		if _, err := c.writer.Write(append(line, '\n')); err != nil {
			return err
		}
		if unflushed += len(line); len(rows) == 0 || unflushed > maxUnflushedBytes {
			if err := control.Flush(); err != nil {
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
