package dataservice

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// ImportOptions are options of Import.
type ImportOptions[Row any] struct {
	// Refused is called for each row that the service refuses, in the order of the rows,
	// with its position (from 0).
	Refused func(position int64, row Row, err error)
	// Progress is called after each chunk.
	Progress func(ImportResult)
	// Chunk is the number of rows of a stream. A chunk is kept in memory until the service
	// has confirmed it. Default: 2000.
	Chunk int
	// Deadline is that of a chunk with its repetitions. Default: 2 min.
	Deadline time.Duration
	// Retry bounds the repetitions of a chunk.
	Retry Retry
}

// ImportResult has the number of rows of an import.
type ImportResult struct {
	// Imported is the number of rows that were created.
	Imported int64
	// Refused is the number of rows that were refused.
	Refused int64
}

// ImportMethod describes the import of a contract; generated code contains one.
type ImportMethod[Row any] struct {
	// Open opens a stream.
	Open func(context.Context) (grpc.ClientStream, error)
	// Request makes the message of a row.
	Request func(Row) proto.Message
	// Response makes an empty response.
	Response func() proto.Message
	// Fields are the names of the fields of these messages.
	Fields ImportFields
}

// Import creates rows. It sends them in chunks, each in a stream of its own, and reads no
// further rows before the service has confirmed a chunk. Each row has a request_id: a chunk
// whose stream breaks is sent again, and each of its rows is created once. Rows that the
// service refuses are reported and skipped.
//
// Import ends with an error if the service is away for too long, or with the error of rows.
// The result counts the rows of the chunks that were confirmed before; rows of the last
// chunk may have been created.
func Import[Row any](ctx context.Context, method ImportMethod[Row], rows iter.Seq2[Row, error],
	options ImportOptions[Row],
) (ImportResult, error) {
	if options.Chunk <= 0 {
		options.Chunk = 2000
	}
	if options.Deadline <= 0 {
		options.Deadline = 2 * time.Minute
	}
	i := &importer[Row]{method: method, options: options, retry: options.Retry.withDefaults()}
	chunk := make([]Row, 0, options.Chunk)
	for row, err := range rows {
		if err != nil {
			return i.result, err
		}
		if chunk = append(chunk, row); len(chunk) == options.Chunk {
			if err := i.add(ctx, chunk); err != nil {
				return i.result, err
			}
			chunk = chunk[:0]
		}
	}
	if len(chunk) == 0 {
		return i.result, nil
	}
	return i.result, i.add(ctx, chunk)
}

type importer[Row any] struct {
	method  ImportMethod[Row]
	options ImportOptions[Row]
	retry   Retry
	result  ImportResult
}

// add imports a chunk and reports it. A response lists the first refused rows only; if
// there are more, the rows after the last one that is listed are sent again, with the
// same request_ids.
func (i *importer[Row]) add(ctx context.Context, chunk []Row) error {
	ctx, cancel := context.WithTimeout(ctx, i.options.Deadline)
	defer cancel()
	requests := make([]proto.Message, len(chunk))
	for n, row := range chunk {
		message, _ := identify(i.method.Request(row), i.method.Fields.RequestID, newRequestID())
		requests[n] = message.(proto.Message)
	}
	for len(requests) > 0 {
		response, err := i.send(ctx, requests)
		if err != nil {
			return err
		}
		done := int64(len(requests))
		if last := len(response.failures) - 1; last >= 0 && int64(last+1) < response.failed {
			done = response.failures[last].position + 1
		}
		i.count(chunk, response.failures, done)
		requests, chunk = requests[done:], chunk[done:]
	}
	if i.options.Progress != nil {
		i.options.Progress(i.result)
	}
	return nil
}

// count adds the first rows of the chunk, as many as `done`, to the result.
func (i *importer[Row]) count(chunk []Row, failures []importFailure, done int64) {
	before := i.result.Imported + i.result.Refused
	for _, failure := range failures {
		if i.options.Refused != nil {
			i.options.Refused(before+failure.position, chunk[failure.position], failure.err)
		}
	}
	i.result.Refused += int64(len(failures))
	i.result.Imported += done - int64(len(failures))
}

// send sends the requests until the service confirms them.
func (i *importer[Row]) send(ctx context.Context, requests []proto.Message) (importResponse, error) {
	identified := i.method.Fields.RequestID != ""
	for attempt := 1; ; attempt++ {
		response := i.method.Response()
		err := i.sendOnce(ctx, requests, response)
		if err == nil {
			return readImportResponse(response.ProtoReflect(), i.method.Fields, requests)
		}
		after, repeatable := repeatableImport(err, identified)
		if !repeatable || !i.retry.wait(ctx, attempt, after) {
			return importResponse{}, err
		}
	}
}

func (i *importer[Row]) sendOnce(ctx context.Context, requests []proto.Message, response proto.Message) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := i.method.Open(ctx)
	if err != nil {
		return err
	}
	for _, request := range requests {
		err := stream.SendMsg(request)
		if errors.Is(err, io.EOF) {
			// The service has ended the stream: RecvMsg returns its error.
			return stream.RecvMsg(response)
		}
		if err != nil {
			return err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	return stream.RecvMsg(response)
}

func fieldOf(message protoreflect.Message, name string) (protoreflect.Value, bool) {
	field := message.Descriptor().Fields().ByName(protoreflect.Name(name))
	if field == nil {
		return protoreflect.Value{}, false
	}
	return message.Get(field), true
}
