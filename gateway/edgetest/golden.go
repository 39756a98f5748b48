package edgetest

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// Golden compares a text with a file in the package's testdata.
func Golden(t testing.TB, name string, text []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, text) {
		t.Errorf("not as in %s (go test -update rewrites it):\n%s", path, difference(want, text))
	}
}

// difference returns the first lines that differ.
func difference(want, got []byte) string {
	const shown = 20
	was, is := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	first := 0
	for first < min(len(was), len(is)) && was[first] == is[first] {
		first++
	}
	show := func(sign string, lines []string) string {
		return sign + strings.Join(lines[first:min(len(lines), first+shown)], "\n"+sign)
	}
	return fmt.Sprintf("from line %d\n%s\n%s", first+1, show("- ", was), show("+ ", is))
}

// GoldenResponse compares a response with a golden file: status, the headers that
// do not vary, and the body, indented.
func GoldenResponse(t testing.TB, name string, response *http.Response) {
	t.Helper()
	Golden(t, name, Describe(t, response))
}

// shared are the headers that all responses have. Golden files do not repeat them.
var shared = map[string]string{
	"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	"Referrer-Policy":         "no-referrer",
	"X-Content-Type-Options":  "nosniff",
}

// Describe returns a response in the format of golden files, and closes it. It fails
// the test if a header is missing that all responses have.
func Describe(t testing.TB, response *http.Response) []byte {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	fmt.Fprintln(&text, response.StatusCode)
	var names []string
	for name, value := range shared {
		if got := response.Header.Get(name); got != value {
			t.Errorf("%s: %q, not %q", name, got, value)
		}
	}
	id := response.Header.Get("X-Request-Id")
	if id == "" || response.Header["Server"] != nil {
		t.Errorf("X-Request-Id %q, Server %q", id, response.Header["Server"])
	}
	body = bytes.ReplaceAll(body, []byte(id), []byte("ID"))
	for name := range response.Header {
		if name != "Date" && name != "Content-Length" && name != "X-Request-Id" && shared[name] == "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		fmt.Fprintf(&text, "%s: %s\n", name, strings.Join(response.Header[name], "; "))
	}
	if response.Close {
		fmt.Fprintln(&text, "Connection: close")
	}
	if len(body) > 0 {
		fmt.Fprintln(&text)
		if json.Indent(&text, body, "", "  ") != nil {
			text.Write(body)
		}
	}
	return append(bytes.TrimRight(text.Bytes(), "\n"), '\n')
}
