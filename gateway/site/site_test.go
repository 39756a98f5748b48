package site_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"dataservice/gateway/site"
)

func newSite(t *testing.T) *site.Site {
	t.Helper()
	own := fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}, "a.js": {Data: []byte("old")}, "f/x.woff2": {Data: []byte("font")}}
	s, err := site.New("/docs", "/docs/", site.Policy, own, fstest.MapFS{"a.js": {Data: []byte("let a = 1;")}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// get requests a file with headers, names and values in turn.
func get(t *testing.T, s *site.Site, path string, headers ...string) *http.Response {
	t.Helper()
	handler := s.Find(path)
	if handler == nil {
		t.Fatalf("%s is not found", path)
	}
	request := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	handler(recorder, request)
	return recorder.Result()
}

// etag returns the header ETag, whose spelling of RFC 9110 is not that of net/http.
func etag(response *http.Response) string {
	for name, values := range response.Header {
		if strings.EqualFold(name, "etag") {
			return values[0]
		}
	}
	return ""
}

func text(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFiles(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]string{
		"/docs": "text/html; charset=utf-8", "/docs/a.js": "text/javascript; charset=utf-8", "/docs/f/x.woff2": "font/woff2",
	} {
		response := get(t, s, path)
		if got := response.Header.Get("Content-Type"); got != want {
			t.Errorf("%s: %s", path, got)
		}
		if response.Header.Get("Content-Security-Policy") != site.Policy || response.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %v", path, response.Header)
		}
	}
	if got := text(t, get(t, s, "/docs/a.js").Body); got != "let a = 1;" {
		t.Errorf("the first file system is served: %s", got)
	}
	for _, path := range []string{"/", "/docs/", "/docs/index.html", "/docs/b.js", "/docs/f", "/a.js", "/docsa.js"} {
		if s.Find(path) != nil {
			t.Errorf("%s is found", path)
		}
	}
}

func TestVersionsOfFiles(t *testing.T) {
	s := newSite(t)
	plain := get(t, s, "/docs/a.js")
	packed := get(t, s, "/docs/a.js", "Accept-Encoding", "br, gzip;q=0.5")
	if packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("Vary") != "Accept-Encoding" {
		t.Error(packed.Header)
	}
	reader, err := gzip.NewReader(packed.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := text(t, reader); got != "let a = 1;" {
		t.Error(got)
	}
	if etag(plain) == etag(packed) {
		t.Error("both encodings have one entity tag")
	}
	known := get(t, s, "/docs/a.js", "Accept-Encoding", "gzip", "If-None-Match", etag(packed))
	if known.StatusCode != 304 || known.Header.Get("Content-Encoding") != "" || text(t, known.Body) != "" {
		t.Error(known.StatusCode, known.Header)
	}
	if other := get(t, s, "/docs/a.js", "If-None-Match", `"other"`); other.StatusCode != 200 {
		t.Error(other.StatusCode)
	}
	if best := get(t, s, "/docs/a.js", "Accept-Encoding", "gzip, zstd"); best.Header.Get("Content-Encoding") != "zstd" {
		t.Error(best.Header)
	}
	for _, refused := range []string{"", "identity", "gzip;q=0", "*;q=0", "deflate"} {
		if got := get(t, s, "/docs/a.js", "Accept-Encoding", refused); got.Header.Get("Content-Encoding") != "" {
			t.Errorf("%q: %v", refused, got.Header)
		}
	}
	if got := get(t, s, "/docs/f/x.woff2", "Accept-Encoding", "gzip"); got.Header.Get("Content-Encoding") != "" {
		t.Error("a font is compressed again")
	}
}

func TestPagesThatCannotBeServed(t *testing.T) {
	for want, files := range map[string]fstest.MapFS{
		"has no index.html": {"a.js": {}}, "no media type": {"index.html": {}, "a.exe": {}},
	} {
		if _, err := site.New("/", "/page/", site.Policy, files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
