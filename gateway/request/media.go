package request

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/gen/engine"
	"dataservice/gateway/problem"
)

// media are the media types of a kind of body.
type media struct {
	// name is the name of the format.
	name string
	// types are the accepted types; the first one is the preferred one.
	types []string
	// header is the response header that lists the types.
	header string
}

// LinesType is the media type of JSON lines: one value a line.
const LinesType = "application/x-ndjson"

var (
	mediaJSON = media{"JSON", []string{"application/json"}, "Accept"}
	// A PATCH is a merge patch (RFC 7396) with both types.
	mediaPatch = media{"JSON", []string{"application/json", "application/merge-patch+json"}, "Accept-Patch"}
	// JSON lines have several names.
	mediaLines = media{"JSON lines", []string{LinesType, "application/ndjson", "application/jsonl", "application/x-jsonlines"}, "Accept"}
)

// CheckLines rejects the body of an import that is not JSON lines.
func CheckLines(r *http.Request) *problem.Problem { return mediaLines.check(r) }

// check rejects a body with another media type, another character set than
// UTF-8, or a compression. A request without a Content-Type is accepted.
func (m *media) check(r *http.Request) *problem.Problem {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return problem.New(http.StatusUnsupportedMediaType, codes.InvalidArgument, engine.ErrorReason_MEDIA_TYPE_UNSUPPORTED,
			"A body with a Content-Encoding is not accepted.").With("Accept-Encoding", "identity")
	}
	given := r.Header.Get("Content-Type")
	if given == "" || given == m.types[0] {
		return nil
	}
	name, parameters, err := mime.ParseMediaType(given)
	charset := parameters["charset"]
	if err == nil && slices.Contains(m.types, name) && (charset == "" || strings.EqualFold(charset, "utf-8")) {
		return nil
	}
	return problem.New(http.StatusUnsupportedMediaType, codes.InvalidArgument, engine.ErrorReason_MEDIA_TYPE_UNSUPPORTED,
		fmt.Sprintf("Content-Type is %q; send %s, with the header Content-Type: %s.",
			problem.Clip(strings.ToValidUTF8(given, "\uFFFD")), m.name, m.types[0])).With(m.header, strings.Join(m.types, ", "))
}
