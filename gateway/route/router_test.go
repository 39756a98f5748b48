package route_test

import (
	"net/http/httptest"
	"slices"
	"testing"

	"dataservice/gateway/route"
)

func newRouter(t *testing.T, templates ...string) *route.Router[string] {
	t.Helper()
	router := &route.Router[string]{}
	for _, text := range templates {
		template, err := route.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		router.Add("GET", template, text)
	}
	return router
}

func TestRouterFindsTemplateAndValues(t *testing.T) {
	router := newRouter(t,
		"/item", "/item/{id}", "/item/{id}/part", "/item/{id}/part/{part.id}", "/item/special", "/item:batchGet", "/item/{id}:close",
		"/v1/{name=shelves/*/items/*}:read", "/row/{row=**}/shelf/{number}", "/file/{path=**}")
	for _, test := range []struct {
		target, template string
		values           []string
	}{
		{"/item", "/item", nil},
		{"/item?a=b", "/item", nil},
		{"/item/7", "/item/{id}", []string{"7"}},
		{"/item/a%20b", "/item/{id}", []string{"a b"}},
		{"/item/a%2Fb", "/item/{id}", []string{"a/b"}},
		{"/item/a%252Fb", "/item/{id}", []string{"a%2Fb"}},
		{"/item/7/part/8", "/item/{id}/part/{part.id}", []string{"7", "8"}},
		{"/item/special", "/item/special", nil}, // was added later than {id}
		{"/item:batchGet", "/item:batchGet", nil},
		{"/item%3AbatchGet", "", nil},
		{"/item/7:close", "/item/{id}:close", []string{"7"}},
		{"/item/a%2Fb:close", "/item/{id}:close", []string{"a/b"}},
		{"/item/:close", "/item/{id}", []string{":close"}},
		{"/item/7:open", "/item/{id}", []string{"7:open"}},
		{"/item/", "", nil},
		{"/item//part", "", nil},
		{"//item", "", nil},
		{"/", "", nil},
		{"/other", "", nil},
		{"/item/1/2/3/4/5/6/7/8/9", "", nil},
		{"/v1/shelves/1/items/a%2Fb:read", "/v1/{name=shelves/*/items/*}:read", []string{"shelves/1/items/a/b"}},
		{"/v1/shelves/1/items:read", "", nil},
		{"/row/a/shelf/1", "/row/{row=**}/shelf/{number}", []string{"a", "1"}},
		{"/row/a/b%2fc%20d/shelf/a%2fb", "/row/{row=**}/shelf/{number}", []string{"a/b%2fc d", "a/b"}},
		{"/row/shelf/1", "", nil},
		{"/row//shelf/1", "", nil},
		{"/file/a/b/", "/file/{path=**}", []string{"a/b/"}},
		{"/file/", "", nil},
		{"/file", "", nil},
	} {
		path := route.Split(httptest.NewRequest("GET", test.target, nil).URL)
		for range 2 { // a search does not change the path
			found, values, ok := router.Find("GET", path)
			if found != test.template || !slices.Equal(values, test.values) || ok != (test.template != "") {
				t.Errorf("%s leads to %q with %q", test.target, found, values)
			}
		}
		if _, _, ok := router.Find("PUT", path); ok {
			t.Errorf("%s has a route for PUT", test.target)
		}
	}
}

func TestRouterListsMethods(t *testing.T) {
	router := newRouter(t, "/item/{id}")
	for _, method := range []string{"PUT", "DELETE"} {
		template, _ := route.Parse("/item/{id}")
		router.Add(method, template, method)
	}
	path := func(target string) route.Path { return route.Split(httptest.NewRequest("GET", target, nil).URL) }
	if got := router.Methods(path("/item/1")); !slices.Equal(got, []string{"DELETE", "GET", "PUT"}) {
		t.Errorf("methods %q", got)
	}
	if got := router.Methods(path("/item")); got != nil {
		t.Errorf("methods %q", got)
	}
}

// Templates that overlap are found in the reverse order of their addition.
func TestRouterTakesTheLastTemplateAdded(t *testing.T) {
	path := route.Split(httptest.NewRequest("GET", "/item/special", nil).URL)
	for _, order := range [][]string{{"/item/{id}", "/item/special"}, {"/item/special", "/item/{id}"}} {
		if found, _, _ := newRouter(t, order...).Find("GET", path); found != order[1] {
			t.Errorf("found %s of %q", found, order)
		}
	}
}
