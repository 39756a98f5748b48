// Package certificate loads certificates, keys and certificate authorities from PEM
// files, and loads them again when the files change, so that they can be replaced
// without a restart.
package certificate

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"dataservice/gateway/limits"
)

// Files is a value that is made of the content of files. Get may be called by any
// goroutine.
type Files[T any] struct {
	names   []string
	parse   func(contents [][]byte) (T, error)
	current atomic.Pointer[T]
	// used and seen are the contents that the value was made of, or could not be made
	// of, and those of the last check. Only one goroutine uses them.
	used, seen [][]byte
}

// load reads the files for the first time.
func load[T any](parse func([][]byte) (T, error), names ...string) (*Files[T], error) {
	f := &Files[T]{names: names, parse: parse}
	contents, err := f.read()
	if err != nil {
		return nil, err
	}
	value, err := parse(contents)
	if err != nil {
		return nil, err
	}
	f.used, f.seen = contents, contents
	f.current.Store(&value)
	return f, nil
}

// Get returns the current value.
func (f *Files[T]) Get() T { return *f.current.Load() }

// Watch checks the files until stop is done, and loads them when they have changed.
// Files that cannot be loaded are logged, and the value stays as it is.
func (f *Files[T]) Watch(stop context.Context, log *slog.Logger) {
	for {
		select {
		case <-stop.Done():
			return
		case <-time.After(limits.CertificateCheck):
			f.check(log)
		}
	}
}

// check loads the files if their content is new and was the same at the last check:
// content that still changes may be the certificate of one pair and the key of
// another.
func (f *Files[T]) check(log *slog.Logger) {
	contents, err := f.read()
	if err != nil {
		// A nil content differs from that of any file, so the error is logged once.
		contents = make([][]byte, len(f.names))
	}
	settled := equal(contents, f.seen)
	f.seen = contents
	if !settled || equal(contents, f.used) {
		return
	}
	f.used = contents
	var value T
	if err == nil {
		value, err = f.parse(contents)
	}
	if err != nil {
		log.Error("certificate_files_invalid",
			"files", strings.Join(f.names, " "), "error", err.Error())
		return
	}
	f.current.Store(&value)
	log.Info("certificate_files_loaded", "files", strings.Join(f.names, " "))
}

func (f *Files[T]) read() ([][]byte, error) {
	contents := make([][]byte, len(f.names))
	for i, name := range f.names {
		var err error
		if contents[i], err = os.ReadFile(name); err != nil {
			return nil, err
		}
	}
	return contents, nil
}

// equal reports whether two lists of contents are the same. A content that could not
// be read, nil, is not the same as an empty one.
func equal(a, b [][]byte) bool {
	return slices.EqualFunc(a, b, func(x, y []byte) bool {
		return (x == nil) == (y == nil) && bytes.Equal(x, y)
	})
}
