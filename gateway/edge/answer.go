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
	md, _ := runtime.ServerMetadataFromContext(ctx)
	return c.answer(message, md.HeaderMD)
}

// answer is answer with the header metadata of the server.
func (c *call) answer(message proto.Message, md metadata.MD) error {
	writer := &c.writer
	header := writer.Header()
	if _, empty := message.(*emptypb.Empty); empty {
		header.Del("Content-Type")
		writer.WriteHeader(http.StatusNoContent)
		return nil
	}
	etag := ""
	// An ETag is of the whole representation, which a read mask cuts (RFC 9110,
	// 8.8.3): such an answer has none, and no condition is checked against it.
	if c.binding.etag != nil && c.selection == nil {
		if etag = quoteETag(message.ProtoReflect().Get(c.binding.etag).String()); etag != "" {
			header["ETag"] = []string{etag}
		}
	}
	if c.isRead() {
		return c.condition(etag)
	}
	if created := md[createdMetadata]; len(created) > 0 && created[0] == "true" {
		writer.next = http.StatusCreated
		if c.binding.location != nil {
			header["Location"] = []string{c.binding.location.of(message.ProtoReflect())}
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
