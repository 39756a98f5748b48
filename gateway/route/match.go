package route

import (
	"net/url"
	"strings"
)

// Path is the path of a request, split at the slashes.
type Path struct {
	parts []string
	// escaped reports whether the parts still have percent-encoded characters.
	escaped bool
}

// Split returns the path of a URL. A percent-encoded slash separates no parts.
func Split(u *url.URL) Path {
	if u.RawPath != "" {
		return Path{strings.Split(strings.TrimPrefix(u.RawPath, "/"), "/"), true}
	}
	return Path{strings.Split(strings.TrimPrefix(u.Path, "/"), "/"), false}
}

// Match reports whether the path matches the template, and returns the values
// of the variables in the order of Fields. No value is empty.
func (t *Template) Match(path Path) (values []string, ok bool) {
	parts := path.parts
	if t.Action != "" {
		last := len(parts) - 1
		rest, found := strings.CutSuffix(parts[last], t.Action)
		if found {
			rest, found = strings.CutSuffix(rest, ":")
		}
		if !found {
			return nil, false
		}
		whole := parts[last]
		parts[last] = rest
		defer func() { parts[last] = whole }()
	}
	if !t.fits(parts) {
		return nil, false
	}
	return t.values(path)
}

// fits compares the parts of a path with those of the template.
func (t *Template) fits(parts []string) bool {
	i := 0
	for s := range t.Segments {
		for _, pattern := range t.Segments[s].Parts {
			switch {
			case pattern == "**":
				last := len(parts) - t.tail - 1
				if last < i {
					return false
				}
				i = last
			case i >= len(parts) || (pattern == "*" && parts[i] == "") || (pattern != "*" && pattern != parts[i]):
				return false
			}
			i++
		}
	}
	return i == len(parts)
}

// values returns the values of the variables of a path that fits.
func (t *Template) values(path Path) (values []string, ok bool) {
	i := 0
	for s := range t.Segments {
		segment := &t.Segments[s]
		var value string
		for p, pattern := range segment.Parts {
			text, n := path.parts[i], 1
			switch {
			case pattern == "**":
				n = len(path.parts) - t.tail - i
				text = path.unescapeExceptSlash(strings.Join(path.parts[i:i+n], "/"))
			case pattern == "*":
				text = path.unescape(text)
			}
			if p > 0 {
				text = value + "/" + text
			}
			value = text
			i += n
		}
		if segment.Field == "" {
			continue
		}
		if value == "" {
			return nil, false
		}
		values = append(values, value)
	}
	return values, true
}

// unescape decodes the percent-encoding of one part.
func (p Path) unescape(part string) string {
	if !p.escaped || strings.IndexByte(part, '%') < 0 {
		return part
	}
	text, err := url.PathUnescape(part)
	if err != nil { // net/url has checked the path
		return part
	}
	return text
}

// unescapeExceptSlash decodes several parts. A percent-encoded slash stays as it
// is, because a slash separates the parts.
func (p Path) unescapeExceptSlash(parts string) string {
	if !p.escaped || strings.IndexByte(parts, '%') < 0 {
		return parts
	}
	var text strings.Builder
	for parts != "" {
		slash := strings.Index(strings.ToUpper(parts), "%2F")
		if slash < 0 {
			text.WriteString(p.unescape(parts))
			break
		}
		text.WriteString(p.unescape(parts[:slash]) + parts[slash:slash+len("%2F")])
		parts = parts[slash+len("%2F"):]
	}
	return text.String()
}
