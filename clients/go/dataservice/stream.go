package dataservice

import (
	"errors"
	"io"

	"google.golang.org/grpc"
	"google.golang.org/grpc/status"
)

// typedStream is a stream whose errors have types.
type typedStream struct {
	grpc.ClientStream
	method, id string
	writes     bool
}

func (s *typedStream) SendMsg(message any) error { return s.typed(s.ClientStream.SendMsg(message)) }

func (s *typedStream) RecvMsg(message any) error { return s.typed(s.ClientStream.RecvMsg(message)) }

func (s *typedStream) typed(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	f := newFailure(s.method, s.id, status.Convert(err))
	return f.typed(s.writes && f.inDoubt())
}
