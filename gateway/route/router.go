package route

import "slices"

// Router finds the target of a request by HTTP method and path. Add must not
// be called at the same time as another method; all others may be.
type Router[T any] struct {
	routes map[string][]target[T] // by HTTP method, the last one added first
}

type target[T any] struct {
	template Template
	value    T
}

// Add adds a route.
func (r *Router[T]) Add(method string, template Template, value T) {
	if r.routes == nil {
		r.routes = map[string][]target[T]{}
	}
	r.routes[method] = slices.Insert(r.routes[method], 0, target[T]{template, value})
}

// Find returns the target of a request, and the values of its path's variables
// in the order of Template.Fields. Of several templates that match, the one
// that was added last is taken.
func (r *Router[T]) Find(method string, path Path) (found T, values []string, ok bool) {
	routes := r.routes[method]
	for i := range routes {
		if values, ok = routes[i].template.Match(path); ok {
			return routes[i].value, values, true
		}
	}
	return found, nil, false
}

// Methods returns the HTTP methods that a path has, sorted.
func (r *Router[T]) Methods(path Path) []string {
	var methods []string
	for method := range r.routes {
		if _, _, ok := r.Find(method, path); ok {
			methods = append(methods, method)
		}
	}
	slices.Sort(methods)
	return methods
}
