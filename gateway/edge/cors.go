package edge

import (
	"net/http"
	"strconv"
	"time"
)

// AnyOrigin is the origin that stands for all.
const AnyOrigin = "*"

// CORS are the origins whose pages may read answers in a browser (Fetch standard, CORS
// protocol).
type CORS struct {
	// Origins are compared with the header Origin as they are. None disables CORS;
	// AnyOrigin excludes Credentials.
	Origins []string
	// Credentials reports whether browsers send cookies and client certificates too.
	Credentials bool
	// MaxAge is how long a browser may remember the answer to a preflight request.
	MaxAge time.Duration
}

const (
	// corsHeaders are the headers that a page may send.
	corsHeaders = "Authorization, Consistency-Token, Content-Type, Grpc-Timeout, Idempotency-Key, If-Match, If-None-Match, Prefer, Traceparent, X-Request-Id"
	// corsExposed are the headers that a page may read, beside those that every page may.
	corsExposed = "Consistency-Token, ETag, Link, Location, Preference-Applied, Retry-After, WWW-Authenticate, X-Request-Id"
)

// cors sets the headers of CORS. Its values are shared by all answers.
type cors struct {
	// origins are the values of Access-Control-Allow-Origin, by origin.
	origins                             map[string][]string
	credentials                         bool
	vary, yes, exposed, headers, maxAge []string
}

// newCORS returns nil if no origin is allowed.
func newCORS(s CORS) *cors {
	if len(s.Origins) == 0 {
		return nil
	}
	c := &cors{
		origins: map[string][]string{}, credentials: s.Credentials,
		vary: []string{"Origin"}, yes: []string{"true"}, exposed: []string{corsExposed}, headers: []string{corsHeaders},
		maxAge: []string{strconv.Itoa(int(s.MaxAge.Seconds()))},
	}
	for _, origin := range s.Origins {
		c.origins[origin] = []string{origin}
	}
	return c
}

// allow lets the page that sent a request read its answer, and reports whether it may.
func (c *cors) allow(answer http.Header, r *http.Request) bool {
	allowed := c.origins[AnyOrigin]
	origin := r.Header["Origin"]
	if allowed == nil {
		answer["Vary"] = c.vary
		if len(origin) == 1 {
			allowed = c.origins[origin[0]]
		}
	}
	if allowed == nil || len(origin) == 0 {
		return false
	}
	answer["Access-Control-Allow-Origin"] = allowed
	answer["Access-Control-Expose-Headers"] = c.exposed
	if c.credentials {
		answer["Access-Control-Allow-Credentials"] = c.yes
	}
	return true
}

// preflight sets the headers of the answer to a request by which a browser asks what a
// page may do. methods are those of the path.
func (c *cors) preflight(answer http.Header, methods string) {
	answer["Access-Control-Allow-Methods"] = []string{methods}
	answer["Access-Control-Allow-Headers"] = c.headers
	answer["Access-Control-Max-Age"] = c.maxAge
}

// isPreflight reports whether a request is a preflight request.
func isPreflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && len(r.Header["Access-Control-Request-Method"]) > 0
}
