package serve

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"dataservice/gateway/admission"
	"dataservice/gateway/contract"
	"dataservice/gateway/edge"
	"dataservice/gateway/problem"
	"dataservice/gateway/reference"
)

// serve serves a contract until stop is done, and then drains.
func serve(stop context.Context, served contract.Contract, s *settings, log *slog.Logger) error {
	monitoring, err := newMonitoring(stop, served, s, log)
	if err != nil {
		return err
	}
	defer monitoring.close()
	socket, clients, err := listen(stop, s, log)
	if err != nil {
		return err
	}
	defer socket.Close()
	conn, err := connect(stop, s, log)
	if err != nil {
		return err
	}
	defer conn.Close()
	problem.UseTypes(problemTypes(s))
	admitted := admission.New(admission.Limits{Bytes: s.maxMemory, Calls: s.maxCalls})
	settings := edgeSettings(s, admitted, log)
	settings.Observer = monitoring.observer
	handler, err := edge.New(served, settings, conn)
	if err != nil {
		return err
	}
	if err := monitoring.serve(stop, s, admitted, clients, conn); err != nil {
		return err
	}

	server := newServer(s, handler, admitted, log)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(socket) }()
	log.Info("serving", "http_address", socket.Addr().String(), "https", s.secure(), "grpc_target", s.grpcTarget)
	conn.Start()
	select {
	case err := <-failed:
		return err
	case <-stop.Done():
	}
	return drain(server, handler, s, log)
}

func edgeSettings(s *settings, admitted *admission.Control, log *slog.Logger) edge.Settings {
	return edge.Settings{
		MaxBodyBytes: s.maxBodyBytes, Admission: admitted, RequestTimeout: s.requestTimeout, StreamIdle: s.streamIdle, Log: log,
		BasePath: s.basePath, CompressAbove: s.compressAbove, CacheControl: s.cacheControl,
		Secure: s.secure(), RequireAuthorization: s.requireAuthorization,
		Proxies: s.proxies(), Page: s.page, Reference: s.docs,
		CORS: edge.CORS{Origins: s.corsOrigins, Credentials: s.corsCredentials, MaxAge: s.corsMaxAge},
	}
}

// problemTypes returns the function that returns where a reason is described: the published
// page of errors, whose headings have lower-case fragments, or else the API reference.
func problemTypes(s *settings) func(reason string) string {
	switch {
	case s.problemDocs != "":
		return func(reason string) string { return s.problemDocs + "#" + strings.ToLower(reason) }
	case s.docs:
		return func(reason string) string { return s.basePath + reference.Address + "#" + reason }
	}
	return nil
}

// drain waits until all requests have finished. It fails if some do not in time.
func drain(server *server, handler *edge.Edge, s *settings, log *slog.Logger) error {
	log.Info("draining", "drain_delay", s.drainDelay.String(), "drain_timeout", s.drainTimeout.String())
	handler.Drain()
	time.Sleep(s.drainDelay)
	ctx, cancel := context.WithTimeout(context.Background(), s.drainTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); errors.Is(err, context.DeadlineExceeded) {
		server.Close()
		return errors.New("requests were still at work after --drain_timeout and were cut off")
	} else if err != nil {
		return err
	}
	log.Info("stopped")
	return nil
}
