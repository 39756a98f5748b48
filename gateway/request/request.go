package edge

import (
	"net/http"
	"sync/atomic"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"

	"dataservice/gateway/route"
)

// admit is the grpc-gateway middleware in front of every handler: it finds the
// route, and refuses what the handler would take or would word badly.
func (e *Edge) admit(next runtime.HandlerFunc) runtime.HandlerFunc {
	// grpc-gateway calls admit once for each route but tells its pattern only
	// with a request.
	var known atomic.Pointer[binding]
	return func(w http.ResponseWriter, r *http.Request, parameters map[string]string) {
		c := callFrom(r.Context())
		if c.binding = known.Load(); c.binding == nil {
			pattern, _ := runtime.HTTPPattern(r.Context())
			c.binding = e.bindings[bindingKey(r.Method, pattern.String())]
			known.Store(c.binding)
		}
		if c.binding.direct != nil {
			e.carryOut(c, r, parameters)
			return
		}
		if problem := c.check(r, parameters, e.settings.MaxBodyBytes); problem != nil {
			problem.write(w)
			return
		}
		switch method := c.binding.Method; {
		case method.IsStreamingClient():
			e.importLines(c, r)
		case method.IsStreamingServer():
			e.exportLines(c, r)
		default:
			next(w, r, parameters)
		}
	}
}

// carryOut checks a request of a direct route and calls.
func (e *Edge) carryOut(c *call, r *http.Request, parameters map[string]string) {
	if problem := c.check(r, parameters, e.settings.MaxBodyBytes); problem != nil {
		problem.write(&c.writer)
		return
	}
	e.callUnary(c, r, parameters)
}

// check looks at all of a request that needs no server.
func (c *call) check(r *http.Request, parameters map[string]string, maxBody int64) *Problem {
	b := c.binding
	violations := headerViolations(r.Header)
	for name, text := range parameters {
		if text == "" {
			return unknownPath()
		}
		if field := route.Field(b.Method.Input(), name); field != nil {
			if _, ok := parseValue(field, text); !ok {
				violations = append(violations, Violation{b.jsonPath(name), expected(field)})
			}
		}
	}
	settings, more := b.parseQuery(r.URL.RawQuery)
	if violations = append(violations, more...); len(violations) > 0 {
		return invalid("The path, the query or the headers do not fit the contract.", violations...)
	}
	c.settings = settings
	// The query is read: grpc-gateway finds nothing more in it.
	r.Form, r.PostForm = noForm, noForm
	if isUnlimited(r.Header.Get("Grpc-Timeout")) {
		delete(r.Header, "Grpc-Timeout")
	}
	delete(r.Header, "Te") // or it would send trailers, of which there are none
	switch {
	case !b.HasBody:
		return c.skipBody(r, maxBody)
	case b.Method.IsStreamingClient():
		return nil
	default:
		return c.readBody(r, maxBody)
	}
}

var noForm = map[string][]string{}
