package header

import (
	"net/http"
	"strings"
)

// Condition is the result of the conditions of a read.
type Condition int

const (
	// Holds means that the conditions hold, or that there are none.
	Holds Condition = iota
	// NotModified means that If-None-Match names the version: status 304.
	NotModified
	// Failed means that If-Match does not name the version: status 412.
	Failed
)

// Evaluate compares If-Match and If-None-Match of a read with the entity tag of
// the version that was read (RFC 9110, 13.2.2). Without an entity tag, which is
// "" then, no condition applies.
func Evaluate(header http.Header, etag string) Condition {
	if etag == "" {
		return Holds
	}
	if list := header["If-Match"]; len(list) > 0 && !listsETag(strings.Join(list, ","), etag, false) {
		return Failed
	}
	if list := header["If-None-Match"]; len(list) > 0 && listsETag(strings.Join(list, ","), etag, true) {
		return NotModified
	}
	return Holds
}

// ETag returns the entity tag of a version: strong, in double quotes. It returns
// "" for a text that an entity tag cannot have (RFC 9110, 8.8.3).
func ETag(version string) string {
	for i := range len(version) {
		if c := version[i]; c < 0x21 || c == '"' || c == 0x7f {
			return ""
		}
	}
	if version == "" {
		return ""
	}
	return `"` + version + `"`
}

// listsETag reports whether the value of If-Match or If-None-Match names the
// entity tag, by strong or by weak comparison (RFC 9110, 13.1 and 8.8.3.2).
func listsETag(list, etag string, weak bool) bool {
	if strings.TrimSpace(list) == "*" {
		return true
	}
	for {
		list = strings.TrimLeft(list, " \t,")
		tag, isWeak := strings.CutPrefix(list, "W/")
		if !strings.HasPrefix(tag, `"`) {
			return false // the end, or not an entity tag
		}
		end := strings.IndexByte(tag[1:], '"')
		if end < 0 {
			return false
		}
		if tag[:end+2] == etag && (weak || !isWeak) {
			return true
		}
		list = tag[end+2:]
	}
}
