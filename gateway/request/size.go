package request

import (
	"fmt"
	"net/http"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/gen/engine"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
)

// Memory is the memory that a request may hold (admission.Request).
type Memory interface {
	// Hold takes bytes, and reports whether they were free.
	Hold(bytes int64) bool
	// HoldOrYield is Hold for a request that is refused if the bytes are not free; Yield
	// returns what a refused request holds.
	HoldOrYield(bytes int64) bool
	Yield()
}

// checkSize rejects a text whose values would take much more memory than itself when it is
// decoded, and takes the memory for the values of any other one.
func checkSize(text []byte, held Memory) *problem.Problem {
	objects, values := count(text)
	if objects > limits.BodyObjects || values > limits.BodyValues {
		return problem.New(http.StatusRequestEntityTooLarge, codes.ResourceExhausted, engine.ErrorReason_BODY_TOO_LARGE,
			fmt.Sprintf("The body has more than %d objects and arrays, or more than %d values.", limits.BodyObjects, limits.BodyValues))
	}
	if !held.Hold(int64(objects)*limits.ObjectBytes + int64(values)*limits.ValueBytes) {
		return problem.Overloaded()
	}
	return nil
}

// count returns the number of objects and arrays in a JSON text, and of values that
// commas separate. It stops where the text is nested deeper than decoders accept.
func count(text []byte) (objects, values int) {
	quoted, depth := false, 0
	for i := 0; i < len(text) && depth <= limits.JSONDepth; i++ {
		c := text[i]
		if quoted {
			switch c {
			case '"':
				quoted = false
			case '\\':
				i++
			}
			continue
		}
		switch c {
		case '"':
			quoted = true
		case '{', '[':
			objects++
			depth++
		case '}', ']':
			depth--
		case ',':
			values++
		}
	}
	return objects, values
}
