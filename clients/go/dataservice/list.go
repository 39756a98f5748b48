package dataservice

import (
	"context"
	"iter"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// maxPage is the largest page that the service returns.
const maxPage = 1000

// ListOptions are options of List.
type ListOptions struct {
	// Limit is the largest number of rows; 0 means all.
	Limit int
}

// List returns the rows of all pages of a list. While the rows of a page are used, the next
// page is read. The page size of the request is the number of rows of a call; 0 means 1000,
// the most. The request is not changed. If a call fails, its error is the last element.
//
// Rows that others create or delete meanwhile may be in the list or not; a row that exists
// all the time is in it exactly once.
func List[Request, Response proto.Message, Row any](ctx context.Context,
	call func(context.Context, Request, ...grpc.CallOption) (Response, error), request Request,
	rows func(Response) []Row, options ListOptions,
) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel() // ends the call for a page that is not needed
		left := options.Limit
		next := readPage(ctx, call, request, rows, "", left)
		for next != nil {
			page := <-next
			if page.err != nil {
				var none Row
				yield(none, page.err)
				return
			}
			next = nil
			if options.Limit > 0 {
				page.rows = page.rows[:min(left, len(page.rows))]
				left -= len(page.rows)
			}
			if page.next != "" && (options.Limit <= 0 || left > 0) {
				next = readPage(ctx, call, request, rows, page.next, left)
			}
			for _, row := range page.rows {
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}

type page[Row any] struct {
	rows []Row
	next string
	err  error
}

// readPage reads a page in the background. limit is the number of rows that are still
// needed, or 0.
func readPage[Request, Response proto.Message, Row any](ctx context.Context,
	call func(context.Context, Request, ...grpc.CallOption) (Response, error), request Request,
	rows func(Response) []Row, token string, limit int,
) <-chan page[Row] {
	result := make(chan page[Row], 1)
	go func() {
		response, err := call(ctx, pageRequest(request, token, limit))
		if err != nil {
			result <- page[Row]{err: err}
			return
		}
		result <- page[Row]{rows: rows(response), next: nextToken(response)}
	}()
	return result
}

func pageRequest[Request proto.Message](request Request, token string, limit int) Request {
	copied := shallowCopy(request.ProtoReflect())
	fields := copied.Descriptor().Fields()
	if field := fields.ByName("page_size"); field != nil {
		size := copied.Get(field).Int()
		if size == 0 {
			size = maxPage
		}
		if limit > 0 {
			size = min(size, int64(limit))
		}
		copied.Set(field, protoreflect.ValueOfInt32(int32(size)))
	}
	if field := fields.ByName("page_token"); field != nil && token != "" {
		copied.Set(field, protoreflect.ValueOfString(token))
	}
	return copied.Interface().(Request)
}

func nextToken(response proto.Message) string {
	message := response.ProtoReflect()
	field := message.Descriptor().Fields().ByName("next_page_token")
	if field == nil {
		return ""
	}
	return message.Get(field).String()
}
