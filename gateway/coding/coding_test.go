package coding_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"dataservice/gateway/coding"
)

func TestNegotiate(t *testing.T) {
	for accepted, want := range map[string]coding.Coding{
		"":                              coding.Identity,
		"gzip":                          coding.Gzip,
		"gzip, deflate, br, zstd":       coding.Zstd,
		"GZip;q=0.5, zstd;q=0.4":        coding.Gzip,
		"gzip;q=0, zstd; Q=0.001":       coding.Zstd,
		"*":                             coding.Zstd,
		"*;q=0.1, zstd;q=0":             coding.Gzip,
		"identity, gzip;q=0.5":          coding.Identity,
		"identity;q=0.5, gzip;q=0.5":    coding.Gzip,
		"identity;q=0":                  coding.Identity, // nothing else is accepted: the answer is as it is
		"gzip;q=0, *;q=0":               coding.Identity,
		"gzip;q=2":                      coding.Identity,
		"gzip;q=x":                      coding.Identity,
		"br, deflate":                   coding.Identity,
		" , gzip ;q=1.000;other=1, ,;;": coding.Gzip,
	} {
		if got := coding.Negotiate([]string{accepted}); got != want {
			t.Errorf("%q: %q", accepted, got)
		}
	}
	if got := coding.Negotiate([]string{"br", "gzip"}); got != coding.Gzip {
		t.Errorf("two lines: %q", got)
	}
	if got := coding.Negotiate(nil); got != coding.Identity {
		t.Errorf("no line: %q", got)
	}
}

func read(t *testing.T, c coding.Coding, text []byte) string {
	t.Helper()
	var reader io.Reader
	var err error
	if c == coding.Gzip {
		reader, err = gzip.NewReader(bytes.NewReader(text))
	} else {
		reader, err = zstd.NewReader(bytes.NewReader(text))
	}
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return string(all)
}

// The encoders are used again.
func TestAppend(t *testing.T) {
	for _, c := range []coding.Coding{coding.Gzip, coding.Zstd} {
		for _, text := range []string{strings.Repeat("a row\n", 100000), "", "x"} {
			got := coding.Append(c, []byte("before"), []byte(text))
			if len(got) > 10+len(text)/2+50 || read(t, c, got[len("before"):]) != text {
				t.Errorf("%s: %d bytes of %d", c, len(got), len(text))
			}
		}
	}
}

func TestAStreamIsReadableAfterEachFlush(t *testing.T) {
	for _, c := range []coding.Coding{coding.Gzip, coding.Zstd} {
		near, far := io.Pipe()
		go func() {
			w := coding.NewWriter(c, far)
			for range 3 {
				_, _ = w.Write([]byte("line\n"))
				_ = w.Flush()
			}
			_ = w.Close()
			far.Close()
		}()
		all, err := io.ReadAll(near)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, c, all); got != "line\nline\nline\n" {
			t.Errorf("%s: %q", c, got)
		}
	}
}
