// The yardstick is what a team writes by hand instead of taking the product: a
// REST service of books on net/http and pgx.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"
)

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(1000) // as the product's gateway does
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "yardstick:", err)
		os.Exit(1)
	}
}

func run() error {
	address := flag.String("http_address", "127.0.0.1:8081", "where to listen")
	database := flag.String("database", "", "libpq connection string or URI")
	connections := flag.Int("connections", 16, "connections to the database; on 2 cores 16 serve reads and writes best")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	s, err := openStore(ctx, *database, int32(*connections))
	if err != nil {
		return err
	}
	defer s.pool.Close()
	server := &http.Server{
		Addr:              *address,
		Handler:           s.routes(),
		ReadHeaderTimeout: 10 * time.Second,
	}
	context.AfterFunc(ctx, func() { _ = server.Shutdown(context.Background()) })
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
