package route_test

import (
	"net/url"
	"slices"
	"testing"

	"dataservice/gateway/route"
)

func TestTemplates(t *testing.T) {
	for _, test := range []struct {
		text, canonical   string
		fields            []string
		matches, excludes []string
	}{
		{"/item", "/item", nil, []string{"/item"}, []string{"/", "/item/", "/items", "/item/1", "/item:x"}},
		{
			"/item/{item.id}", "/item/{item.id=*}",
			[]string{"item.id"},
			[]string{"/item/1", "/item/a:b", "/item/a%2Fb"},
			[]string{"/item", "/item/", "/item/1/2"},
		},
		{
			"/item:count", "/item:count", nil,
			[]string{"/item:count"},
			[]string{"/item", "/item:other", "/item/x:count"},
		},
		{
			"/v1/{name=shelves/*/items/*}:read", "/v1/{name=shelves/*/items/*}:read",
			[]string{"name"},
			[]string{"/v1/shelves/1/items/2:read"},
			[]string{"/v1/shelves/1/items/2", "/v1/shelves/1/items:read", "/v1/racks/1/items/2:read"},
		},
		{
			"/row/{row=**}/shelf/{number}", "/row/{row=**}/shelf/{number=*}",
			[]string{"row", "number"},
			[]string{"/row/a/shelf/1", "/row/a/b/shelf/1"},
			[]string{"/row/a/shelf", "/row/a/shelf/1/2", "/row/shelf/1"},
		},
		{"/", "/", nil, nil, []string{"/item"}},
	} {
		template, err := route.Parse(test.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := template.String(); got != test.canonical {
			t.Errorf("%s is written %s", test.text, got)
		}
		if got := template.Fields(); !slices.Equal(got, test.fields) {
			t.Errorf("%s has the fields %q", test.text, got)
		}
		for _, path := range test.matches {
			if _, ok := template.Match(route.Split(&url.URL{Path: path})); !ok {
				t.Errorf("%s does not match %s", test.text, path)
			}
		}
		for _, path := range test.excludes {
			if _, ok := template.Match(route.Split(&url.URL{Path: path})); ok {
				t.Errorf("%s matches %s", test.text, path)
			}
		}
	}
	for _, wrong := range []string{"", "item", "/item/{id", "/item/{id}x", "/item//part", "/item/", "/{a=}", "/{a=**}/{b=**}"} {
		if _, err := route.Parse(wrong); err == nil {
			t.Errorf("%q was taken for a template", wrong)
		}
	}
}

func TestFill(t *testing.T) {
	for text, want := range map[string]string{
		"/item/{id}":           "/item/a%2Fb%20%C3%BC",
		"/v1/{name=items/**}":  "/v1/a/b%20%C3%BC",
		"/item/{id}/part:read": "/item/a%2Fb%20%C3%BC/part:read",
	} {
		template, err := route.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := template.Fill(func(string) string { return "a/b ü" }); got != want {
			t.Errorf("%s filled is %s, not %s", text, got, want)
		}
	}
}
