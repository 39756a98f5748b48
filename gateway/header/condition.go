package edge

import "strings"

// quoteETag is the ETag header of a version: strong, in double quotes. Empty
// for a text that cannot stand in one (RFC 9110, 8.8.3).
func quoteETag(version string) string {
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

// listsETag tells whether the value of If-Match or If-None-Match names the
// entity tag, by strong or by weak comparison (RFC 9110, 13.1 and 8.8.3.2).
func listsETag(list, etag string, weak bool) bool {
	if strings.TrimSpace(list) == "*" {
		return true
	}
	for {
		list = strings.TrimLeft(list, " \t,")
		tag, isWeak := strings.CutPrefix(list, "W/")
		if !strings.HasPrefix(tag, `"`) {
			return false // the end, or no entity tag
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

// conditionError is how the answer to a GET is replaced: by 304 or 412.
type conditionError struct{ status int }

func (*conditionError) Error() string { return "a condition of the request decides the answer" }
