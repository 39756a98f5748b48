package encode

import (
	"errors"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

var errNotUTF8 = errors.New("a string is not valid UTF-8")

// appendString appends a string with the same escapes as protojson: only those
// that JSON requires.
func appendString(text []byte, s string) ([]byte, error) {
	text = append(text, '"')
	done := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				return nil, errNotUTF8
			}
			i += size
			continue
		}
		i++
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		text = append(text, s[done:i-1]...)
		done = i
		switch c {
		case '"', '\\':
			text = append(text, '\\', c)
		case '\b':
			text = append(text, '\\', 'b')
		case '\f':
			text = append(text, '\\', 'f')
		case '\n':
			text = append(text, '\\', 'n')
		case '\r':
			text = append(text, '\\', 'r')
		case '\t':
			text = append(text, '\\', 't')
		default:
			text = append(text, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(append(text, s[done:]...), '"'), nil
}

// appendFloat appends a number in the format of ECMAScript, as protojson does.
func appendFloat(text []byte, n float64, bits int) []byte {
	switch {
	case math.IsNaN(n):
		return append(text, `"NaN"`...)
	case math.IsInf(n, 1):
		return append(text, `"Infinity"`...)
	case math.IsInf(n, -1):
		return append(text, `"-Infinity"`...)
	}
	format := byte('f')
	if abs := math.Abs(n); abs != 0 {
		tiny, huge := abs < 1e-6, abs >= 1e21
		if bits == 32 {
			tiny, huge = float32(abs) < 1e-6, float32(abs) >= 1e21
		}
		if tiny || huge {
			format = 'e'
		}
	}
	text = strconv.AppendFloat(text, n, format, -1, bits)
	if format == 'e' { // e-09 to e-9
		if n := len(text); n >= 4 && text[n-4] == 'e' && text[n-3] == '-' && text[n-2] == '0' {
			text[n-2] = text[n-1]
			text = text[:n-1]
		}
	}
	return text
}

// The range of a time in ProtoJSON: the years 1 to 9999.
const (
	minSeconds = -62135596800
	maxSeconds = 253402300799
)

// appendTime appends a time in UTC, with 0, 3, 6 or 9 digits of a second. It
// fails for a time that has no form in ProtoJSON.
func appendTime(text []byte, seconds, nanos int64) ([]byte, bool) {
	if seconds < minSeconds || seconds > maxSeconds || nanos < 0 || nanos > 999999999 {
		return text, false
	}
	t := time.Unix(seconds, 0).UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	text = append(text, '"')
	text = append(appendDigits(text, year, 4), '-')
	text = append(appendDigits(text, int(month), 2), '-')
	text = append(appendDigits(text, day, 2), 'T')
	text = append(appendDigits(text, hour, 2), ':')
	text = append(appendDigits(text, minute, 2), ':')
	text = appendDigits(text, second, 2)
	switch nanos := int(nanos); {
	case nanos == 0:
	case nanos%1e6 == 0:
		text = appendDigits(append(text, '.'), nanos/1e6, 3)
	case nanos%1e3 == 0:
		text = appendDigits(append(text, '.'), nanos/1e3, 6)
	default:
		text = appendDigits(append(text, '.'), nanos, 9)
	}
	return append(text, 'Z', '"'), true
}

// appendDigits appends a number with this number of digits, padded with zeros.
func appendDigits(text []byte, n, digits int) []byte {
	const zeros = "000000000"
	text = append(text, zeros[:digits]...)
	for i := len(text) - 1; n > 0; i-- {
		text[i] = byte('0' + n%10)
		n /= 10
	}
	return text
}
