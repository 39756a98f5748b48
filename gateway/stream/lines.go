package edge

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
)

// ndjson is the media type of JSON lines, one value a line.
const ndjson = "application/x-ndjson"

// lineTypes are what an import may be sent as: all names that the format has.
var lineTypes = []string{ndjson, "application/ndjson", "application/jsonl", "application/x-jsonlines"}

// checkLineMedia refuses an import that does not say it is JSON lines in
// UTF-8. One that says nothing is taken for it.
func checkLineMedia(r *http.Request) *Problem {
	if p := checkEncoding(r); p != nil {
		return p
	}
	given := r.Header.Get("Content-Type")
	if given == "" {
		return nil
	}
	media, parameters, err := mime.ParseMediaType(given)
	charset := parameters["charset"]
	if err == nil && slices.Contains(lineTypes, media) && (charset == "" || strings.EqualFold(charset, "utf-8")) {
		return nil
	}
	return newProblem(http.StatusUnsupportedMediaType, codes.InvalidArgument, "MEDIA_TYPE_UNSUPPORTED",
		fmt.Sprintf("Content-Type is %q; send JSON lines, with the header Content-Type: %s.",
			clip(strings.ToValidUTF8(given, "\uFFFD")), ndjson)).with("Accept", strings.Join(lineTypes, ", "))
}

var errLineTooLong = errors.New("the line is too long")

// lineReader reads lines of a limited length in limited memory.
type lineReader struct {
	reader *bufio.Reader
	limit  int
	line   []byte
	// begun says that the first line was read, before which a byte order mark may stand.
	begun bool
}

func newLineReader(r io.Reader, limit int64) *lineReader {
	return &lineReader{reader: bufio.NewReaderSize(r, 64<<10), limit: int(limit)}
}

// next is the next line that is not blank, valid until the one after it;
// errLineTooLong for one over the limit, which was passed over; io.EOF at the
// end. A line that breaks off with the body is none.
func (l *lineReader) next() ([]byte, error) {
	for {
		line, err := l.read()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if !l.begun {
			line, l.begun = bytes.TrimPrefix(line, byteOrderMark), true
		}
		if line = bytes.Trim(line, " \t\r\n"); len(line) > 0 {
			return line, nil // EOF comes again
		}
		if err != nil {
			return nil, err
		}
	}
}

func (l *lineReader) read() ([]byte, error) {
	l.line = l.line[:0]
	tooLong := false
	for {
		part, err := l.reader.ReadSlice('\n')
		if length := len(l.line) + len(bytes.TrimRight(part, "\r\n")); length > l.limit {
			tooLong, l.line = true, l.line[:0]
		}
		if !tooLong {
			l.line = append(l.line, part...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if tooLong && (err == nil || errors.Is(err, io.EOF)) {
			return nil, errLineTooLong
		}
		return l.line, err
	}
}

// patientReader gives each read of a body so much time.
type patientReader struct {
	io.Reader
	control *http.ResponseController
	idle    time.Duration
	stopped atomic.Bool
}

func (p *patientReader) Read(text []byte) (int, error) {
	_ = p.control.SetReadDeadline(time.Now().Add(p.idle))
	if p.stopped.Load() {
		return 0, os.ErrDeadlineExceeded
	}
	return p.Reader.Read(text)
}

// stop ends a read that waits, and all later ones.
func (p *patientReader) stop() {
	p.stopped.Store(true)
	_ = p.control.SetReadDeadline(time.Now())
}
