// Package contract knows what the gateway must know of the contract that it
// serves. It combines, once, at start, the HTTP routes with what the engine has decided
// about their methods: the packages that serve requests only read Route.
package contract

import (
	"fmt"
	"io/fs"

	"google.golang.org/protobuf/reflect/protoreflect"

	"dataservice/gateway/description"
	"dataservice/gateway/route"
)

// Contract is a contract that the gateway serves. gateway/build generates one
// from .proto files.
type Contract struct {
	Name string
	// Description is what the engine has decided about the contract, JSON.
	Description []byte
	// OpenAPI is the contract's OpenAPI document, JSON.
	OpenAPI []byte
	// Page has the files of the contract's web page, in its folder `page`; nil if it has
	// none.
	Page fs.FS
	// Services are the gRPC services with at least one HTTP route.
	Services []protoreflect.ServiceDescriptor
}

// Routes returns the routes of a contract, in the order of its services, methods
// and rules. It returns an error if a route cannot be served.
func (c *Contract) Routes() ([]*Route, error) {
	d, err := description.Parse(c.Description)
	if err != nil {
		return nil, err
	}
	var routes []*Route
	known := map[string]*Route{}
	for _, service := range c.Services {
		methods := service.Methods()
		for i := range methods.Len() {
			bindings, err := route.Bindings(methods.Get(i))
			if err != nil {
				return nil, err
			}
			for _, b := range bindings {
				r, err := newRoute(b, d)
				if err != nil {
					return nil, err
				}
				r.Realm = c.Name
				key := b.Verb + " " + b.Path.String()
				if other := known[key]; other != nil {
					return nil, fmt.Errorf("%s and %s both serve %s", other.Method.FullName(), b.Method.FullName(), key)
				}
				known[key] = r
				routes = append(routes, r)
			}
		}
	}
	return routes, resolve(routes)
}

// resolve finds out what a route must know of the other routes.
func resolve(routes []*Route) error {
	locations := newLocations(routes)
	for _, r := range routes {
		if !r.IsRead() && r.method.GetCreates() {
			r.Location = locations[r.Method.Output().FullName()]
		}
		r.Form = r.form()
		if r.Method.IsStreamingClient() {
			var err error
			if r.Import, err = newImport(r, routes); err != nil {
				return err
			}
		}
	}
	return nil
}
