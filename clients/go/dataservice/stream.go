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
	// hasOneResponse: the stream ends with its first response.
	hasOneResponse bool
	// ended notes the end of the call.
	ended func(error)
}

func (s *typedStream) SendMsg(message any) error {
	err := s.typed(s.ClientStream.SendMsg(message), newFailure)
	// io.EOF: the service has ended the call, and RecvMsg returns with which error.
	if err != nil && !errors.Is(err, io.EOF) {
		s.ended(err)
	}
	return err
}

func (s *typedStream) RecvMsg(message any) error {
	err := s.typed(s.ClientStream.RecvMsg(message), transportFailure)
	switch {
	case errors.Is(err, io.EOF):
		s.ended(nil)
	case err != nil || s.hasOneResponse:
		s.ended(err)
	}
	return err
}

func (s *typedStream) typed(err error, failureOf func(method, id string, st *status.Status) *failure) error {
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	f := failureOf(s.method, s.id, status.Convert(err))
	return f.typed(s.writes && f.inDoubt())
}
