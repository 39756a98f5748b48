package edge

import (
	"context"
	"net/http"
	"slices"
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

func unknownPath() *Problem {
	return newProblem(http.StatusNotFound, codes.NotFound, "PATH_UNKNOWN", "There is no such path.")
}

func badPath() *Problem {
	return newProblem(http.StatusBadRequest, codes.InvalidArgument, "PATH_INVALID",
		"The path is not URL-encoded UTF-8 without NUL characters.")
}
