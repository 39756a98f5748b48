package dataservice

import (
	"errors"
	"fmt"
	"time"

	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

type importResponse struct {
	failed   int64
	failures []importFailure
}

type importFailure struct {
	position int64
	err      error
}

// readImportResponse reads the response to these requests, of generated or of dynamic
// messages.
func readImportResponse(response protoreflect.Message, names ImportFields, requests []proto.Message) (importResponse, error) {
	failed, hasFailed := fieldOf(response, names.Failed)
	failures, hasFailures := fieldOf(response, names.Failures)
	if !hasFailed || !hasFailures {
		return importResponse{}, fmt.Errorf("%s is not the response of an import", response.Descriptor().FullName())
	}
	result := importResponse{failed: failed.Int()}
	list := failures.List()
	for n := range list.Len() {
		failure, err := readImportFailure(list.Get(n).Message(), names, requests)
		if err != nil {
			return importResponse{}, err
		}
		result.failures = append(result.failures, failure)
	}
	return result, nil
}

func readImportFailure(failure protoreflect.Message, names ImportFields, requests []proto.Message) (importFailure, error) {
	position, hasPosition := fieldOf(failure, names.Position)
	reason, hasStatus := fieldOf(failure, names.Status)
	if !hasPosition || !hasStatus {
		return importFailure{}, fmt.Errorf("%s is not a failure of an import", failure.Descriptor().FullName())
	}
	if position.Int() < 0 || position.Int() >= int64(len(requests)) {
		return importFailure{}, errors.New("the response of the import names a row that was not sent")
	}
	bytes, err := proto.Marshal(reason.Message().Interface())
	if err != nil {
		return importFailure{}, err
	}
	var st statuspb.Status
	if err := proto.Unmarshal(bytes, &st); err != nil {
		return importFailure{}, err
	}
	// The request_id of the row identifies it.
	request, requestID := requests[position.Int()].ProtoReflect(), ""
	if id, ok := fieldOf(request, names.RequestID); ok {
		requestID = id.String()
	}
	f := newFailure(string(request.Descriptor().FullName()), requestID, status.FromProto(&st))
	return importFailure{position.Int(), f.typed(false)}, nil
}

// repeatableImport reports whether the rows of an import that failed can be sent again, and
// after which time.
func repeatableImport(err error, identified bool) (time.Duration, bool) {
	var e *Error
	if !errors.As(err, &e) || !identified {
		return 0, false
	}
	return e.RetryAfter, e.Code == codes.Unavailable || e.RetryAfter > 0
}
