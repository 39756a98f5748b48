package serve

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"time"

	"dataservice/gateway/admission"
	"dataservice/gateway/contract"
	"dataservice/gateway/limits"
	"dataservice/gateway/metrics"
	"dataservice/gateway/observe"
	"dataservice/gateway/tracing"
	"dataservice/gateway/upstream"
)

// addMonitoringFlags adds the flags of metrics, logs and traces.
func addMonitoringFlags(flags *flag.FlagSet, s *settings) {
	flags.StringVar(&s.metricsAddress, "metrics_address", "",
		"`address` to serve /metrics on, for Prometheus, such as 127.0.0.1:9464, and /debug, for clients of this machine only; empty serves neither")
	flags.BoolVar(&s.accessLog, "access_log", false, "log a line for each request, or for the part of them that --log_sample is")
	flags.Float64Var(&s.logSample, "log_sample", 1,
		"part of the requests, from 0 to 1, that --access_log logs; all gateways choose the same traces")
	flags.DurationVar(&s.slowRequest, "slow_request", time.Second,
		"log each request that takes longer or gets a status of 500 and up; 0 does not")
	flags.StringVar(&s.otlpEndpoint, "otlp_endpoint", "",
		"`URL` of an OpenTelemetry collector (OTLP/HTTP), such as http://127.0.0.1:4318, that receives traces; empty sends none")
	flags.Float64Var(&s.traceSample, "trace_sample", 0.01,
		"part of the requests, from 0 to 1, that are traced if their client does not decide that")
	flags.BoolVar(&s.printConfig, "print_config", false, "print the value of each flag and exit")
}

// checkMonitoring returns what is wrong with these flags.
func (s *settings) checkMonitoring() error {
	switch {
	case !(s.logSample >= 0 && s.logSample <= 1) || !(s.traceSample >= 0 && s.traceSample <= 1):
		return errors.New("--log_sample and --trace_sample must be from 0 to 1")
	case s.slowRequest < 0:
		return errors.New("--slow_request must not be negative")
	}
	return nil
}

// print prints each flag with its value, and the flags that have their default as comments.
func (s *settings) print(output io.Writer) {
	s.flags.VisitAll(func(f *flag.Flag) {
		mark := ""
		if f.Value.String() == f.DefValue {
			mark = "# "
		}
		fmt.Fprintf(output, "%s--%s=%s\n", mark, f.Name, f.Value)
	})
}

// values returns the value of each flag.
func (s *settings) values() map[string]string {
	values := map[string]string{}
	s.flags.VisitAll(func(f *flag.Flag) { values[f.Name] = f.Value.String() })
	return values
}

// monitoring is what records requests, and serves the metrics.
type monitoring struct {
	observer *observe.Observer
	tracer   *tracing.Tracer
	gateway  *metrics.Gateway
	build    metrics.Build
	flags    map[string]string
	log      *slog.Logger
}

func newMonitoring(ctx context.Context, served contract.Contract, s *settings, log *slog.Logger) (*monitoring, error) {
	m := &monitoring{tracer: &tracing.Tracer{}, build: metrics.BuildOf(served.Description), flags: s.values(), log: log}
	if s.otlpEndpoint != "" {
		var err error
		m.tracer, err = tracing.New(ctx, s.otlpEndpoint, s.traceSample, log,
			"service.name", served.Name+"-gateway", "service.version", metrics.Version)
		if err != nil {
			return nil, fmt.Errorf("--otlp_endpoint: %w", err)
		}
	}
	m.observer = &observe.Observer{Tracer: m.tracer, Log: log, Slow: s.slowRequest}
	if s.accessLog {
		m.observer.Sample = s.logSample
	}
	if s.metricsAddress != "" {
		m.gateway = metrics.New(served.Name, m.build)
		m.observer.Metrics = m.gateway
	}
	return m, nil
}

// serve serves the metrics until stop is done, if --metrics_address is set.
func (m *monitoring) serve(stop context.Context, s *settings, admitted *admission.Control, clients *limitedListener, conn *upstream.Conn) error {
	if m.gateway == nil {
		return nil
	}
	m.gateway.Observe(metrics.State{
		Admission:   func() admission.Snapshot { return admitted.Snapshot(0) },
		Connections: func() metrics.Connections { return clients.snapshot(0) },
		Upstream:    conn.GetState,
	})
	listener, err := net.Listen("tcp", s.metricsAddress)
	if err != nil {
		return fmt.Errorf("cannot listen on --metrics_address %s: %w", s.metricsAddress, err)
	}
	m.log.Info("metrics_served", "metrics_address", listener.Addr().String())
	go m.gateway.Serve(stop, listener, func() any {
		return map[string]any{
			"build": m.build, "flags": m.flags, "server": map[string]string{"target": s.grpcTarget, "state": metrics.StateName(conn.GetState())},
			"admission": admitted.Snapshot(limits.DebugClients), "connections": clients.snapshot(limits.DebugClients),
		}
	})
	return nil
}

// close sends the spans that wait.
func (m *monitoring) close() {
	ctx, cancel := context.WithTimeout(context.Background(), limits.TraceShutdown)
	defer cancel()
	if err := m.tracer.Shutdown(ctx); err != nil {
		m.log.Warn("traces_lost", "error", err.Error())
	}
}
