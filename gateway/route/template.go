// Package route reads google.api.http rules: which URL paths and methods of a
// contract lead to which gRPC method, and where its request's fields come from.
package route

import (
	"fmt"
	"net/url"
	"strings"
)

// Template is a parsed path template of google.api.http, such as
// /item/{item.id} or /v1/{name=shelves/*}:archive.
type Template struct {
	Segments []Segment
	// Action is the custom verb after the last colon; empty without one.
	Action string
}

// Segment is a part of a template between two slashes, or a variable that may
// span several.
type Segment struct {
	// Field is the path of the request field that the segment fills, by proto
	// names; empty for a literal.
	Field string
	// Parts are literals, "*" (one part of a path) or "**" (any number). A
	// segment without a field has one part.
	Parts []string
}

// Parse reads a template.
func Parse(text string) (Template, error) {
	rest, ok := strings.CutPrefix(text, "/")
	if !ok {
		return Template{}, fmt.Errorf("path template %q does not begin with /", text)
	}
	var t Template
	if end := strings.LastIndexAny(rest, "}/"); strings.Contains(rest[end+1:], ":") {
		colon := end + 1 + strings.Index(rest[end+1:], ":")
		rest, t.Action = rest[:colon], rest[colon+1:]
	}
	for rest != "" {
		var segment Segment
		if strings.HasPrefix(rest, "{") {
			inside, after, closed := strings.Cut(rest[1:], "}")
			if !closed || (after != "" && after[0] != '/') {
				return Template{}, fmt.Errorf("path template %q has an unclosed or misplaced variable", text)
			}
			field, pattern, given := strings.Cut(inside, "=")
			if !given {
				pattern = "*"
			}
			segment = Segment{Field: field, Parts: strings.Split(pattern, "/")}
			rest = strings.TrimPrefix(after, "/")
		} else {
			var part string
			part, rest, _ = strings.Cut(rest, "/")
			segment = Segment{Parts: []string{part}}
		}
		t.Segments = append(t.Segments, segment)
	}
	return t, nil
}

// String is the template with every variable's pattern written out, the form
// in which grpc-gateway prints the patterns that it compiled.
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

// Fields are the fields that the path fills, in the order of the template.
func (t Template) Fields() []string {
	var fields []string
	for _, s := range t.Segments {
		if s.Field != "" {
			fields = append(fields, s.Field)
		}
	}
	return fields
}

// Matches tells whether an escaped URL path fits the template.
func (t Template) Matches(path string) bool {
	if t.Action != "" {
		var ok bool
		if path, ok = strings.CutSuffix(path, ":"+t.Action); !ok {
			return false
		}
	}
	var pattern []string
	for _, s := range t.Segments {
		pattern = append(pattern, s.Parts...)
	}
	return matches(pattern, strings.Split(strings.TrimPrefix(path, "/"), "/"))
}

func matches(pattern, parts []string) bool {
	for i, p := range pattern {
		if p == "**" {
			tail := pattern[i+1:]
			return len(parts)-i >= len(tail) && matches(tail, parts[len(parts)-len(tail):])
		}
		if i >= len(parts) || (p == "*" && parts[i] == "") || (p != "*" && p != parts[i]) {
			return false
		}
	}
	return len(parts) == len(pattern)
}

// Fill makes a path of the template, with each variable's value escaped.
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
