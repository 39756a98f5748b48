// Package coding compresses answers with the content codings that clients accept
// (RFC 9110, 8.4).
package coding

import (
	"net/http"
	"strconv"
	"strings"
)

// Coding is a content coding. The zero value is identity: no compression.
type Coding string

const (
	// Identity is no compression.
	Identity Coding = ""
	// Gzip is gzip (RFC 1952).
	Gzip Coding = "gzip"
	// Zstd is Zstandard (RFC 8878), which clients need no more than 8 MB for (RFC 9659).
	Zstd Coding = "zstd"
)

// preferred are the codings that are used, the best one first.
var preferred = []Coding{Zstd, Gzip}

// Negotiate returns the coding that the client likes most of those that are used, from the
// lines of its Accept-Encoding (RFC 9110, 12.5.3). A client that sends none, or an empty
// one, gets Identity.
func Negotiate(lines []string) Coding {
	if len(lines) == 0 {
		return Identity
	}
	qualities := map[string]float64{}
	for _, line := range lines {
		for element := range strings.SplitSeq(line, ",") {
			name, parameters, _ := strings.Cut(element, ";")
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" {
				qualities[name] = quality(parameters)
			}
		}
	}
	others, anyOther := qualities["*"]
	best, most := Identity, 0.0
	if q, known := qualities["identity"]; known {
		most = q
	}
	for _, coding := range preferred {
		q, known := qualities[string(coding)]
		if !known && anyOther {
			q = others
		}
		if q > most || q == most && q > 0 && best == Identity {
			best, most = coding, q
		}
	}
	return best
}

// quality returns the weight in the parameters of an element: 1 if there is none, 0 if it is
// malformed (RFC 9110, 12.4.2).
func quality(parameters string) float64 {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		q, err := strconv.ParseFloat(value, 64)
		if err != nil || q < 0 || q > 1 {
			return 0
		}
		return q
	}
	return 1
}

// acceptEncoding is shared by all answers whose coding depends on the request.
var acceptEncoding = []string{"Accept-Encoding"}

// Vary adds to Vary of an answer that its coding depends on the request (RFC 9110, 12.5.5).
// It does not change values that other answers share.
func Vary(answer http.Header) {
	if before := answer["Vary"]; len(before) > 0 {
		answer["Vary"] = append(before[:len(before):len(before)], acceptEncoding...)
		return
	}
	answer["Vary"] = acceptEncoding
}
