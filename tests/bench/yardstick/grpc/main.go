// The gRPC yardstick: the bookstore's BookService on grpc-go and pgx, as a team
// would write it by hand instead of using the product.
package main

import (
	"context"
	"net"

	"google.golang.org/grpc"

	"dataservice/yardstick/books"
	"dataservice/yardstick/service"
)

func main() { service.Main(serve) }

func serve(ctx context.Context, address string, store *books.Store) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	server.RegisterService(&bookService, &handlers{store})
	context.AfterFunc(ctx, server.GracefulStop)
	return server.Serve(listener)
}
