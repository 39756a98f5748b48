package edge

import (
	"net/http"
	"slices"
	"strings"
)

// shortcut leads plain paths to their routes past grpc-gateway's mux, which
// copies each request twice. It knows a path only where exactly one route of
// the HTTP method can take it; whatever else there may be (escapes, actions,
// variables of several parts, an order among routes) is left to the mux.
type shortcut map[string][]plainRoute // by HTTP method

type plainRoute struct {
	binding *binding
	// parts are literals, or empty for a variable; fields are its name there.
	parts, fields []string
}

func newShortcut(bindings map[string]*binding) shortcut {
	s := shortcut{}
	var left []string // methods with a route that may take any path
	for _, b := range bindings {
		if b.Path.Action != "" {
			continue // takes only paths with a colon
		}
		route := plainRoute{binding: b}
		for _, segment := range b.Path.Segments {
			part := segment.Parts[0]
			if len(segment.Parts) != 1 || part == "**" || (part == "*") != (segment.Field != "") {
				left = append(left, b.Verb)
				break
			}
			if part == "*" {
				part = ""
			}
			route.parts = append(route.parts, part)
			route.fields = append(route.fields, segment.Field)
		}
		s[b.Verb] = append(s[b.Verb], route)
	}
	for _, verb := range left {
		delete(s, verb)
	}
	return s
}

// find is the route of a request, if the edge carries it out itself, and what
// its path says; nil where the mux has to find it.
func (s shortcut) find(r *http.Request) (*binding, map[string]string) {
	path := r.URL.Path
	if r.URL.RawPath != "" || strings.IndexByte(path, ':') >= 0 {
		return nil, nil
	}
	var room [8]string
	parts := room[:0]
	for part := range strings.SplitSeq(path[1:], "/") {
		if part == "" || len(parts) == len(room) {
			return nil, nil
		}
		parts = append(parts, part)
	}
	var found *plainRoute
	for i := range s[r.Method] {
		if route := &s[r.Method][i]; route.takes(parts) {
			if found != nil {
				return nil, nil
			}
			found = route
		}
	}
	if found == nil || found.binding.direct == nil {
		return nil, nil
	}
	parameters := make(map[string]string, 2)
	for i, field := range found.fields {
		if field != "" {
			parameters[field] = parts[i]
		}
	}
	return found.binding, parameters
}

func (p *plainRoute) takes(parts []string) bool {
	return slices.EqualFunc(p.parts, parts, func(wanted, part string) bool { return wanted == "" || wanted == part })
}
