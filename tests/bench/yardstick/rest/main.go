// The REST yardstick: a service of books on net/http and pgx, as a team would write
// it by hand instead of using the product.
package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"dataservice/yardstick/books"
	"dataservice/yardstick/service"
)

func main() { service.Main(serve) }

func serve(ctx context.Context, address string, store *books.Store) error {
	server := &http.Server{
		Addr:              address,
		Handler:           (&handlers{store}).routes(),
		ReadHeaderTimeout: 10 * time.Second,
	}
	context.AfterFunc(ctx, func() { _ = server.Shutdown(context.Background()) })
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
