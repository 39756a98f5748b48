package edge

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
)

// handleRouting answers a request that no route takes.
func (e *Edge) handleRouting(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler,
	w http.ResponseWriter, r *http.Request, _ int,
) {
	path := r.URL.EscapedPath()
	var verbs []string
	for _, b := range e.bindings {
		if !slices.Contains(verbs, b.Verb) && b.Path.Matches(path) {
			verbs = append(verbs, b.Verb)
		}
	}
	if len(verbs) == 0 {
		unknownPath().write(w)
		return
	}
	refuseMethod(w, r, verbs...)
}

// refuseMethod says which methods a path has: to OPTIONS as an answer, to any
// other as a refusal.
func refuseMethod(w http.ResponseWriter, r *http.Request, verbs ...string) {
	if slices.Contains(verbs, http.MethodGet) {
		verbs = append(verbs, http.MethodHead)
	}
	verbs = append(verbs, http.MethodOptions)
	slices.Sort(verbs)
	allow := strings.Join(verbs, ", ")
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", allow)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	newProblem(http.StatusMethodNotAllowed, codes.Unimplemented, "METHOD_NOT_ALLOWED",
		"This path takes "+allow+".").with("Allow", allow).write(w)
}

// normalizePath writes unreserved characters of a path without escapes, which
// mean the same (RFC 3986, 6.2.2.2): /%62ook is /book.
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

// isUnreserved is the rule of RFC 3986, 2.3.
func isUnreserved(c byte) bool {
	return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') || ('0' <= c && c <= '9') || strings.IndexByte("-._~", c) >= 0
}

func unknownPath() *Problem {
	return newProblem(http.StatusNotFound, codes.NotFound, "PATH_UNKNOWN", "There is no such path.")
}

func badPath() *Problem {
	return newProblem(http.StatusBadRequest, codes.InvalidArgument, "PATH_INVALID",
		"The path is not URL-encoded UTF-8 without NUL characters.")
}
