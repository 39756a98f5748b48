// Package serve runs a gateway as a process: flags, logs, listening, draining.
package serve

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"google.golang.org/grpc/grpclog"

	"dataservice/gateway/contract"
	"dataservice/gateway/observe"
)

// GOGC and GOMEMLIMIT unless the environment sets them. Requests produce little
// garbage, so it is collected a tenth as often as by default, up to the limit.
const (
	garbagePercent = 1000
	memoryLimit    = 512 << 20
)

// Main runs the gateway of a contract until SIGTERM or SIGINT, and exits: with
// 0 after a clean drain, 1 after a failure, 2 for wrong flags.
func Main(served contract.Contract) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	// The edge reports the errors of gRPC itself.
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	context.AfterFunc(stop, cancel) // a second signal kills
	os.Exit(run(stop, served, os.Args[1:], osEnvironment, os.Stderr))
}

// run is Main without the process: it returns the exit status.
func run(stop context.Context, served contract.Contract, arguments []string,
	environment func(string) (string, bool), output io.Writer,
) int {
	s, err := parseSettings(arguments, environment, output)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		fmt.Fprintln(output, err)
		return 2
	}
	if s.printConfig {
		s.print(os.Stdout)
		return 0
	}
	log := observe.NewLogger(output).With("contract", served.Name)
	if err := serve(stop, served, s, log); err != nil {
		log.Error("failed", "error", err.Error())
		return 1
	}
	return 0
}
