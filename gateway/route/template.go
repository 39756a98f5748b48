// Package route reads google.api.http rules and finds the rule that a request
// matches: which paths and HTTP methods of a contract lead to which gRPC method,
// and which fields of its request they fill.
package route

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Template is a parsed path template of google.api.http, such as
// /item/{item.id} or /v1/{name=shelves/*}:archive.
type Template struct {
	Segments []Segment
	// Action is the custom verb after the last colon; empty if there is none.
	Action string

	// tail is the number of parts after "**".
	tail int
}

// Segment is a literal between two slashes, or a variable, which may span
// several parts.
type Segment struct {
	// Field is the path of the request field that the segment fills, in proto
	// names; empty for a literal.
	Field string
	// Parts are literals, "*" (one part of a path) or "**" (one or more parts).
	// A segment without a field has one part.
	Parts []string
}

// Parse parses a template. It returns an error if the syntax of google.api.http
// does not allow the template.
func Parse(text string) (Template, error) {
	t, err := parse(text)
	if err != nil {
		return t, fmt.Errorf("path template %q %w", text, err)
	}
	return t, nil
}

func parse(text string) (Template, error) {
	var t Template
	rest, ok := strings.CutPrefix(text, "/")
	if !ok {
		return t, errors.New("does not begin with /")
	}
	if end := strings.LastIndexAny(rest, "}/"); strings.Contains(rest[end+1:], ":") {
		colon := end + 1 + strings.Index(rest[end+1:], ":")
		rest, t.Action = rest[:colon], rest[colon+1:]
	}
	deep := false
	for more := rest != ""; more; {
		var segment Segment
		var err error
		if segment, rest, more, err = parseSegment(rest); err != nil {
			return t, err
		}
		t.Segments = append(t.Segments, segment)
		for _, part := range segment.Parts {
			switch {
			case part == "":
				return t, errors.New("has an empty segment")
			case part == "**" && deep:
				return t, errors.New("has more than one **")
			case part == "**":
				deep = true
			case deep:
				t.tail++
			}
		}
	}
	return t, nil
}

// parseSegment takes the first segment off a template without the leading
// slash. It reports whether another segment follows.
func parseSegment(text string) (segment Segment, rest string, more bool, err error) {
	if !strings.HasPrefix(text, "{") {
		var part string
		part, rest, more = strings.Cut(text, "/")
		return Segment{Parts: []string{part}}, rest, more, nil
	}
	inside, after, closed := strings.Cut(text[1:], "}")
	if !closed || (after != "" && after[0] != '/') {
		return segment, "", false, errors.New("has an unclosed or misplaced variable")
	}
	field, pattern, given := strings.Cut(inside, "=")
	if !given {
		pattern = "*"
	}
	rest, more = strings.CutPrefix(after, "/")
	return Segment{Field: field, Parts: strings.Split(pattern, "/")}, rest, more, nil
}

// String returns the template with the pattern of every variable written out.
func (t Template) String() string {
	parts := make([]string, 0, len(t.Segments))
	for _, s := range t.Segments {
		text := strings.Join(s.Parts, "/")
		if s.Field != "" {
			text = "{" + s.Field + "=" + text + "}"
		}
		parts = append(parts, text)
	}
	text := "/" + strings.Join(parts, "/")
	if t.Action != "" {
		text += ":" + t.Action
	}
	return text
}

// Fields returns the fields that the path fills, in the order of the template.
func (t Template) Fields() []string {
	var fields []string
	for _, s := range t.Segments {
		if s.Field != "" {
			fields = append(fields, s.Field)
		}
	}
	return fields
}

// Fill returns a path that matches the template. value returns the value of a
// variable, which Fill escapes.
func (t Template) Fill(value func(field string) string) string {
	var path strings.Builder
	for _, s := range t.Segments {
		path.WriteByte('/')
		switch {
		case s.Field == "":
			path.WriteString(s.Parts[0])
		case len(s.Parts) == 1 && s.Parts[0] == "*":
			path.WriteString(url.PathEscape(value(s.Field)))
		default:
			for i, part := range strings.Split(value(s.Field), "/") {
				if i > 0 {
					path.WriteByte('/')
				}
				path.WriteString(url.PathEscape(part))
			}
		}
	}
	if t.Action != "" {
		path.WriteString(":" + t.Action)
	}
	return path.String()
}
