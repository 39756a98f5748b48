package edge

import (
	"maps"
	"net/http/httptest"
	"testing"

	"dataservice/gateway/route"
)

// Only plain paths that exactly one route takes are led past the mux.
func TestShortcut(t *testing.T) {
	bindings := map[string]*binding{}
	for _, template := range []string{
		"/item", "/item/{id}", "/item/{id}/part", "/item/{id}/part/{part.id}", "/item/special", "/item:batchGet", "/item/{id}:close",
	} {
		path, err := route.Parse(template)
		if err != nil {
			t.Fatal(err)
		}
		bindings[template] = &binding{Binding: route.Binding{Verb: "GET", Path: path}, direct: &direct{}}
	}
	s := newShortcut(bindings)
	for _, test := range []struct {
		target, template string
		parameters       map[string]string
	}{
		{"/item", "/item", nil},
		{"/item?a=b", "/item", nil},
		{"/item/7", "/item/{id}", map[string]string{"id": "7"}},
		{"/item/%41", "", nil}, // not as Go would write it
		{"/item/a%20b", "/item/{id}", map[string]string{"id": "a b"}},
		{"/item/7/part/8", "/item/{id}/part/{part.id}", map[string]string{"id": "7", "part.id": "8"}},
		{"/item/special", "", nil}, // two routes
		{"/item/a%2Fb", "", nil},
		{"/item:batchGet", "", nil},
		{"/item/7:close", "", nil},
		{"/item/", "", nil},
		{"/item//part", "", nil},
		{"//item", "", nil},
		{"/", "", nil},
		{"/other", "", nil},
		{"/item/1/2/3/4/5/6/7/8/9", "", nil},
	} {
		found, parameters := s.find(httptest.NewRequest("GET", test.target, nil))
		if found != bindings[test.template] || !maps.Equal(parameters, test.parameters) {
			t.Errorf("%s leads to %v with %v", test.target, found, parameters)
		}
	}
	for _, verb := range []string{"HEAD", "PUT", "OPTIONS"} {
		if found, _ := s.find(httptest.NewRequest(verb, "/item", nil)); found != nil {
			t.Errorf("%s leads to a route", verb)
		}
	}
	bindings["GET /{name=**}"] = &binding{Binding: route.Binding{Verb: "GET", Path: route.Template{
		Segments: []route.Segment{{Field: "name", Parts: []string{"**"}}},
	}}, direct: &direct{}}
	if found, _ := newShortcut(bindings).find(httptest.NewRequest("GET", "/item", nil)); found != nil {
		t.Error("a path that two routes take leads to one")
	}
}
