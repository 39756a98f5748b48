package edge

import (
	"net/http"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/header"
	"dataservice/gateway/problem"
)

// writeCondition responds to a read whose conditions do not hold.
func writeCondition(w http.ResponseWriter, condition header.Condition, etag string) {
	if condition == header.NotModified {
		w.Header()["ETag"] = []string{etag}
		w.WriteHeader(http.StatusNotModified)
		return
	}
	problem.New(http.StatusPreconditionFailed, codes.Aborted, problem.ReasonETagMismatch,
		"The resource has another version than If-Match asks for.").Write(w)
}
