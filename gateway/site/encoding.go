package site

import (
	"strconv"
	"strings"
)

// acceptsGzip reports whether the values of Accept-Encoding permit gzip (RFC 9110,
// 12.5.3).
func acceptsGzip(values []string) bool {
	accepted := false
	for coding := range strings.SplitSeq(strings.Join(values, ","), ",") {
		name, weight, _ := strings.Cut(coding, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "gzip" && name != "x-gzip" && name != "*" {
			continue
		}
		wanted := true
		if value, found := strings.CutPrefix(strings.ToLower(strings.TrimSpace(weight)), "q="); found {
			q, err := strconv.ParseFloat(value, 64)
			wanted = err == nil && q > 0
		}
		if name != "*" {
			return wanted
		}
		accepted = wanted
	}
	return accepted
}
