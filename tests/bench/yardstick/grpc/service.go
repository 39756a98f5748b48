package main

import (
	"context"

	"google.golang.org/grpc"

	pb "dataservice/gateway/gen/bookstore/pb/bookstore/v1"
)

// bookService describes the three methods that the yardstick serves. It replaces
// the output of protoc-gen-go-grpc, which the build does not need otherwise.
var bookService = grpc.ServiceDesc{
	ServiceName: "bookstore.v1.BookService",
	HandlerType: (*any)(nil),
	Methods: []grpc.MethodDesc{
		unary("GetBook", (*handlers).getBook),
		unary("ListBooks", (*handlers).listBooks),
		unary("CreateBook", (*handlers).createBook),
	},
	Metadata: pb.File_bookstore_v1_bookstore_proto.Path(),
}

// unary describes a method that h carries out. The yardstick has no interceptors.
func unary[Request, Response any](
	name string, h func(*handlers, context.Context, *Request) (*Response, error),
) grpc.MethodDesc {
	return grpc.MethodDesc{
		MethodName: name,
		Handler: func(server any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			request := new(Request)
			if err := decode(request); err != nil {
				return nil, err
			}
			return h(server.(*handlers), ctx, request)
		},
	}
}
