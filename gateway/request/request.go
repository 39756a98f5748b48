// Package request reads a REST request: path, query, headers and body become the
// request message of a gRPC method.
package request

import (
	"net/http"

	"google.golang.org/protobuf/proto"

	"dataservice/gateway/contract"
	"dataservice/gateway/header"
	"dataservice/gateway/problem"
	"dataservice/gateway/value"
)

// Request is a request whose path, query and headers are valid. One goroutine
// uses it.
type Request struct {
	// Metadata are the keys and values, in turn, that the server receives of the
	// headers (header.Metadata).
	Metadata []string

	route *contract.Route
	// variables are the fields that the path fills, parameters those of the query.
	variables, parameters []setting
	body                  body
}

// Parse checks path, query and headers of a request. values are those of the
// route's variables.
func Parse(route *contract.Route, values []string, r *http.Request) (*Request, *problem.Problem) {
	q := &Request{route: route}
	violations := header.Violations(r.Header)
	for i, text := range values {
		path := route.Variables[i]
		parsed, ok := value.Parse(path.Last(), text)
		if !ok {
			violations = append(violations, problem.Violation{
				Field: route.FieldName(path.String()), Description: value.Expected(path.Last()),
			})
			continue
		}
		q.variables = append(q.variables, setting{path: path, value: parsed})
	}
	parameters, more := parseQuery(route, r.URL.RawQuery)
	if violations = append(violations, more...); len(violations) > 0 {
		return nil, problem.Invalid("The path, the query or the headers do not fit the contract.", violations...)
	}
	q.parameters = parameters
	return q, nil
}

// ReadBody reads the entire body of a request, of at most limit bytes, and takes the
// memory for it. If the route has no body it discards the request's body.
func (q *Request) ReadBody(w http.ResponseWriter, r *http.Request, limit int64, held Memory) *problem.Problem {
	if !q.route.HasBody {
		return skipBody(w, r, limit)
	}
	return q.body.read(w, r, limit, held)
}

// Release returns the memory of the body. Messages that were decoded hold copies.
func (q *Request) Release() { q.body.release() }

// Message returns the request message, which body, path and query fill.
func (q *Request) Message() (proto.Message, *problem.Problem) {
	message := q.route.Request.New()
	if q.route.HasBody {
		if p := q.decodeBody(message); p != nil {
			return nil, p
		}
	}
	var violations []problem.Violation
	for i := range q.variables {
		variable := &q.variables[i]
		if q.route.NamesBody && variable.differs(message) {
			violations = append(violations, problem.Violation{
				Field: q.route.FieldName(variable.path.String()), Description: "differs from the one in the path",
			})
		}
		variable.apply(message)
	}
	if len(violations) > 0 {
		return nil, problem.Invalid(bodyInvalid, violations...)
	}
	for i := range q.parameters {
		q.parameters[i].apply(message)
	}
	return message.Interface(), nil
}

// Line returns the request message of one line of an import, and takes the memory for its
// values.
func (q *Request) Line(text []byte, held Memory) (proto.Message, *problem.Problem) {
	if p := checkSize(text, held); p != nil {
		return nil, p
	}
	message, line := q.route.Request.New(), q.route.Import.Line
	if unmarshal(text, message.Mutable(line.Body).Message()) != nil || hasNull(text, line.BodyMessage()) {
		return nil, diagnose(text, line.BodyMessage())
	}
	for _, settings := range [][]setting{q.variables, q.parameters} {
		for i := range settings {
			settings[i].apply(message)
		}
	}
	return message.Interface(), nil
}
