// Package service holds what both services share: flags, signals and the store.
package service

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"dataservice/yardstick/books"
)

// Main parses the flags, opens the store and runs serve until SIGTERM or SIGINT
// ends the context.
func Main(serve func(ctx context.Context, address string, store *books.Store) error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(1000) // as in the product's gateway
	}
	if err := run(serve); err != nil {
		fmt.Fprintln(os.Stderr, "yardstick:", err)
		os.Exit(1)
	}
}

func run(serve func(context.Context, string, *books.Store) error) error {
	address := flag.String("address", "127.0.0.1:8081", "host and port to listen on")
	database := flag.String("database", "", "libpq connection string or URI")
	connections := flag.Int("connections", 16, "connections to the database; on 2 cores 16 give the highest rate")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	store, err := books.Open(ctx, *database, int32(*connections))
	if err != nil {
		return err
	}
	defer store.Close()
	return serve(ctx, *address, store)
}
