package stream

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"dataservice/gateway/limits"
	"dataservice/gateway/request"
)

var errLineTooLong = errors.New("the line is too long")

// lineReader reads lines of a limited length in limited memory.
type lineReader struct {
	reader *bufio.Reader
	limit  int
	held   request.Memory
	line   []byte
	// paid is the length of line for which memory is held.
	paid int
	// begun reports whether the first line was read, which a byte order mark may
	// precede.
	begun bool
}

var errNoMemory = errors.New("no memory is free for the line")

func newLineReader(r io.Reader, limit int64, held request.Memory) *lineReader {
	return &lineReader{reader: bufio.NewReaderSize(r, 64<<10), limit: int(limit), held: held}
}

// next returns the next line that is not blank, valid until the next call. It
// returns errLineTooLong after it has skipped a line that is too long, errNoMemory if there
// is no memory for it, and io.EOF at the end. It returns no line that is incomplete because reading failed.
func (l *lineReader) next() ([]byte, error) {
	for {
		line, err := l.read()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if !l.begun {
			line, l.begun = bytes.TrimPrefix(line, request.ByteOrderMark), true
		}
		if line = bytes.Trim(line, " \t\r\n"); len(line) > 0 {
			return line, nil // the next call returns io.EOF
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
		if len(l.line) > l.paid {
			if !l.held.Hold(limits.BodyCopies * int64(len(l.line)-l.paid)) {
				return nil, errNoMemory
			}
			l.paid = len(l.line)
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

// idleReader reads a body, with a limit for the time of each read. stop may be
// called by another goroutine.
type idleReader struct {
	io.Reader
	control *http.ResponseController
	idle    time.Duration
	stopped atomic.Bool
}

func (i *idleReader) Read(text []byte) (int, error) {
	_ = i.control.SetReadDeadline(time.Now().Add(i.idle))
	if i.stopped.Load() {
		return 0, os.ErrDeadlineExceeded
	}
	return i.Reader.Read(text)
}

// stop ends the current read and all later ones.
func (i *idleReader) stop() {
	i.stopped.Store(true)
	_ = i.control.SetReadDeadline(time.Now())
}
