// Package site serves the files of a web page from memory, to browsers and their caches.
package site

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"dataservice/gateway/coding"
	"dataservice/gateway/header"
)

// Policy is the Content-Security-Policy of a page whose scripts, styles and requests are
// all of its own origin. Pictures and fonts may also be data: URLs, which style sheets of
// libraries contain.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"font-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// index is the file that the address of the page itself serves.
const index = "index.html"

// Site is a page and its files. It is safe for concurrent use.
type Site struct {
	address string
	prefix  string
	policy  []string
	files   map[string]*file
}

// file is a file of a page.
type file struct {
	contentType string
	etag        string
	plain       []byte
	// coded returns the file in a content coding. It is nil for a format that is
	// compressed itself.
	coded map[coding.Coding]func() []byte
}

// New returns the page of an address, such as `/docs`. Its index.html is served there,
// and its other files below prefix, such as `/docs/`: the page refers to them by relative
// URLs, because a proxy may serve all of it below a path of its own. policy is its
// Content-Security-Policy. A later file system replaces files of an earlier one.
func New(address, prefix, policy string, systems ...fs.FS) (*Site, error) {
	s := &Site{address: address, prefix: prefix, policy: []string{policy}, files: map[string]*file{}}
	for _, system := range systems {
		err := fs.WalkDir(system, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(system, name)
			if err == nil {
				s.files[name], err = newFile(name, text)
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("the files of the page %s: %w", address, err)
		}
	}
	if s.files[index] == nil {
		return nil, fmt.Errorf("the page %s has no %s", address, index)
	}
	return s, nil
}

// types are the media types of files. Those of the system's tables differ between systems.
var types = map[string]string{
	".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".json": "application/json", ".svg": "image/svg+xml", ".png": "image/png", ".txt": "text/plain; charset=utf-8",
	".webmanifest": "application/manifest+json", ".woff2": "font/woff2",
}

func newFile(name string, text []byte) (*file, error) {
	contentType, known := types[path.Ext(name)]
	if !known {
		return nil, fmt.Errorf("%s: no media type is known for %q", name, path.Ext(name))
	}
	digest := sha256.Sum256(text)
	version := hex.EncodeToString(digest[:12])
	f := &file{contentType: contentType, plain: text, etag: header.ETag(version)}
	if contentType != "font/woff2" && contentType != "image/png" {
		f.coded = map[coding.Coding]func() []byte{}
		for _, c := range []coding.Coding{coding.Gzip, coding.Zstd} {
			f.coded[c] = sync.OnceValue(func() []byte { return coding.Append(c, nil, text) })
		}
	}
	return f, nil
}

// Find returns the handler of a path, or nil if the page has no such file.
func (s *Site) Find(path string) http.HandlerFunc {
	name := index
	if path != s.address {
		var below bool
		if name, below = strings.CutPrefix(path, s.prefix); !below || name == index {
			return nil
		}
	}
	f := s.files[name]
	if f == nil {
		return nil
	}
	return func(w http.ResponseWriter, r *http.Request) { s.serve(w, r, f) }
}

// serve answers a GET. A cache asks each time whether a file has changed, which costs it
// no transfer: the files of a page are always those of one version of the gateway.
func (s *Site) serve(w http.ResponseWriter, r *http.Request, f *file) {
	h := w.Header()
	text, chosen := f.plain, coding.Identity
	if f.coded != nil {
		coding.Vary(h)
		if chosen = coding.Negotiate(r.Header["Accept-Encoding"]); chosen != coding.Identity {
			text = f.coded[chosen]()
		}
	}
	h["Content-Security-Policy"] = s.policy
	h["ETag"] = []string{header.CodedETag(f.etag, string(chosen))}
	h.Set("Cache-Control", "no-cache")
	if header.Evaluate(http.Header{"If-None-Match": r.Header["If-None-Match"]}, f.etag) == header.NotModified {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if chosen != coding.Identity {
		h["Content-Encoding"] = []string{string(chosen)}
	}
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text) // the client may have closed the connection
}
