package edge

import (
	"context"
	"net/http"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
)

// createdMetadata is the server's word, in its header metadata, that the call
// made a new resource.
const createdMetadata = "resource-created"

// answer decides status and headers of a success, before its body is written.
// For a read whose condition does not hold it fails with a conditionError.
func answer(ctx context.Context, _ http.ResponseWriter, message proto.Message) error {
	c := callFrom(ctx)
	if c == nil || message == nil || c.binding.Method.IsStreamingServer() {
		return nil
	}
	writer := &c.writer
	if _, empty := message.(*emptypb.Empty); empty {
		writer.Header().Del("Content-Type")
		writer.WriteHeader(http.StatusNoContent)
		return nil
	}
	md, _ := runtime.ServerMetadataFromContext(ctx)
	version := ""
	if c.hasETag() {
		version = message.ProtoReflect().Get(c.binding.etag).String()
	}
	return c.answer(version, md.HeaderMD, func() (proto.Message, error) { return message, nil })
}

// hasETag tells whether the answer has the header ETag. It is of the whole
// representation, which a read mask cuts (RFC 9110, 8.8.3): such an answer has
// none, and no condition is checked against it.
func (c *call) hasETag() bool { return c.binding.etag != nil && c.selection == nil }

// answer is answer for a version of the resource, which is empty without one, and
// for the header metadata of the server.
func (c *call) answer(version string, md metadata.MD, message func() (proto.Message, error)) error {
	header := c.writer.Header()
	etag := quoteETag(version)
	if etag != "" {
		header["ETag"] = []string{etag}
	}
	if c.isRead() {
		return c.condition(etag)
	}
	if created := md[createdMetadata]; len(created) > 0 && created[0] == "true" {
		c.writer.next = http.StatusCreated
		if c.binding.location != nil {
			resource, err := message()
			if err != nil {
				return err
			}
			if path := c.binding.location.of(resource.ProtoReflect()); path != "" {
				header["Location"] = []string{path}
			}
		}
	}
	return nil
}

func (c *call) isRead() bool { return c.binding.Verb == http.MethodGet }

// condition checks If-Match and If-None-Match of a read against the version
// that was read (RFC 9110, 13.2.2).
func (c *call) condition(etag string) error {
	if etag == "" {
		return nil
	}
	if list := c.header["If-Match"]; len(list) > 0 && !listsETag(strings.Join(list, ","), etag, false) {
		return &conditionError{http.StatusPreconditionFailed}
	}
	if list := c.header["If-None-Match"]; len(list) > 0 && listsETag(strings.Join(list, ","), etag, true) {
		return &conditionError{http.StatusNotModified}
	}
	return nil
}
