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
	if list := header["If-Match"]; len(list) > 0 && !listsETag(withoutCoding(strings.Join(list, ",")), etag, false) {
		return Failed
	}
	if list := header["If-None-Match"]; len(list) > 0 && listsETag(withoutCoding(strings.Join(list, ",")), etag, true) {
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

// codingMark is between the version and the coding in the entity tag of a compressed answer,
// whose octets are others (RFC 9110, 8.8.3.3).
const codingMark = "--"

// codings are the codings that entity tags name.
var codings = []string{"gzip", "zstd"}

// CodedETag returns the entity tag of a representation that is compressed with a coding; the
// tag itself if coding is "".
func CodedETag(etag, coding string) string {
	if etag == "" || coding == "" {
		return etag
	}
	return etag[:len(etag)-1] + codingMark + coding + `"`
}

// withoutCoding returns a list of entity tags without the codings of CodedETag: a condition
// is about the version of the resource, in whatever coding the client has received it.
func withoutCoding(list string) string {
	if !strings.Contains(list, codingMark) {
		return list
	}
	for _, coding := range codings {
		list = strings.ReplaceAll(list, codingMark+coding+`"`, `"`)
	}
	return list
}

// listsETag reports whether the value of If-Match or If-None-Match names the
// entity tag, by strong or by weak comparison (RFC 9110, 13.1 and 8.8.3.2).
func listsETag(list, etag string, weak bool) bool {
	if strings.TrimSpace(list) == "*" {
		return true
	}
	for list != "" {
		tag, isWeak, rest, ok := nextTag(list)
		if !ok {
			return false
		}
		if tag == etag && (weak || !isWeak) {
			return true
		}
		list = rest
	}
	return false
}

// isETagList reports whether a text is * or a list of entity tags, of which elements may be
// empty but not all (RFC 9110, 13.1.1 and 5.6.1).
func isETagList(list string) bool {
	list = strings.Trim(list, " \t,")
	if list == "*" {
		return true
	}
	any := false
	for list != "" {
		_, _, rest, ok := nextTag(list)
		if !ok {
			return false
		}
		list, any = rest, true
	}
	return any
}

// nextTag splits the first entity tag off a list. It returns the tag without the W/ of a weak
// one, and false if the list does not begin with an entity tag (RFC 9110, 8.8.3).
func nextTag(list string) (tag string, weak bool, rest string, ok bool) {
	tag, weak = strings.CutPrefix(strings.TrimLeft(list, " \t,"), "W/")
	if !strings.HasPrefix(tag, `"`) {
		return "", false, "", false
	}
	end := strings.IndexFunc(tag[1:], func(c rune) bool { return c <= ' ' || c == '"' || c >= 0x7f }) + 1
	if end == 0 || tag[end] != '"' {
		return "", false, "", false
	}
	rest = strings.Trim(tag[end+1:], " \t")
	if rest != "" && rest[0] != ',' {
		return "", false, "", false
	}
	return tag[:end+1], weak, strings.TrimLeft(rest, " \t,"), true
}
