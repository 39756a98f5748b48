package edge

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/gen/engine"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
)

// checkTarget rejects a request because of its target or the size of its headers,
// and normalizes the path.
func checkTarget(r *http.Request) *problem.Problem {
	if len(r.RequestURI) > limits.TargetBytes {
		return problem.New(http.StatusRequestURITooLong, codes.InvalidArgument, engine.ErrorReason_TARGET_TOO_LONG,
			fmt.Sprintf("The request target is longer than %d bytes.", limits.TargetBytes))
	}
	if headSize(r) > limits.HeaderBytes {
		return problem.New(http.StatusRequestHeaderFieldsTooLarge, codes.InvalidArgument, engine.ErrorReason_HEADERS_TOO_LARGE,
			fmt.Sprintf("The header fields are larger than %d bytes.", limits.HeaderBytes))
	}
	normalizePath(r.URL)
	if path := r.URL.Path; !strings.HasPrefix(path, "/") || strings.IndexByte(path, 0) >= 0 || !utf8.ValidString(path) {
		return problem.New(http.StatusBadRequest, codes.InvalidArgument, engine.ErrorReason_PATH_INVALID,
			"The path is not URL-encoded UTF-8 without NUL characters.")
	}
	return nil
}

// headSize returns the size of the header fields (limits.HeaderBytes).
func headSize(r *http.Request) int {
	size := len("Host") + len(r.Host) + limits.HeaderFieldOverhead
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + limits.HeaderFieldOverhead
		}
	}
	return size
}

// refuse responds to a request without a route. methods are those of its path.
func (e *Edge) refuse(w *responseWriter, r *http.Request, methods []string) {
	if len(methods) == 0 {
		problem.New(http.StatusNotFound, codes.NotFound, engine.ErrorReason_PATH_UNKNOWN, "There is no such path.").Write(w)
		return
	}
	e.refuseMethod(w, r, methods...)
}

// refuseMethod responds with the methods of a path: to OPTIONS, which may be a
// preflight request of CORS, with success, to any other method with 405.
func (e *Edge) refuseMethod(w *responseWriter, r *http.Request, methods ...string) {
	if slices.Contains(methods, http.MethodGet) {
		methods = append(methods, http.MethodHead)
	}
	methods = append(methods, http.MethodOptions)
	slices.Sort(methods)
	allow := strings.Join(methods, ", ")
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", allow)
		if w.readable && isPreflight(r) {
			e.cors.preflight(w.Header(), allow)
		}
		w.WriteHeader(http.StatusNoContent)
		return
	}
	problem.New(http.StatusMethodNotAllowed, codes.Unimplemented, engine.ErrorReason_METHOD_NOT_ALLOWED,
		"This path takes "+allow+".").With("Allow", allow).Write(w)
}

// normalizePath decodes the unreserved characters of a path, which mean the same
// with and without percent-encoding (RFC 3986, 6.2.2.2): /%62ook is /book.
func normalizePath(u *url.URL) {
	if u.RawPath == "" {
		return
	}
	var path strings.Builder
	for raw := u.RawPath; raw != ""; {
		n := 1
		if raw[0] == '%' {
			n = len("%00") // net/url has checked it
			if c, err := strconv.ParseUint(raw[1:n], 16, 8); err == nil && isUnreserved(byte(c)) {
				path.WriteByte(byte(c))
				raw = raw[n:]
				continue
			}
		}
		path.WriteString(raw[:n])
		raw = raw[n:]
	}
	u.RawPath = path.String()
	if u.RawPath == (&url.URL{Path: u.Path}).EscapedPath() {
		u.RawPath = ""
	}
}

// isUnreserved reports whether a character is unreserved (RFC 3986, 2.3).
func isUnreserved(c byte) bool {
	return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || strings.IndexByte("-._~", c) >= 0
}
