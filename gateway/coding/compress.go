package coding

import (
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"dataservice/gateway/limits"
)

// Writer compresses a stream. Flush makes everything that was written readable for the
// client, and Close ends the stream and releases the writer.
type Writer interface {
	io.WriteCloser
	Flush() error
}

// encoder is what both libraries have.
type encoder interface {
	Writer
	Reset(w io.Writer)
}

var encoders = map[Coding]*sync.Pool{
	Gzip: {New: func() any {
		w, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		if err != nil {
			panic(err) // the level is valid
		}
		return w
	}},
	Zstd: {New: func() any {
		w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
			zstd.WithWindowSize(limits.CodingWindow), zstd.WithLowerEncoderMem(true))
		if err != nil {
			panic(err) // the options are valid
		}
		return w
	}},
}

// NewWriter returns a writer that compresses into w. The coding must not be Identity.
func NewWriter(coding Coding, w io.Writer) Writer {
	e := encoders[coding].Get().(encoder)
	e.Reset(w)
	return &pooled{e, coding}
}

// pooled returns its encoder for the next stream.
type pooled struct {
	encoder
	coding Coding
}

// Close ends the stream.
func (p *pooled) Close() error {
	err := p.encoder.Close()
	p.Reset(nil)
	encoders[p.coding].Put(p.encoder)
	return err
}

// Append compresses a text and appends it to out.
func Append(coding Coding, out, text []byte) []byte {
	buffer := &appender{out}
	w := NewWriter(coding, buffer)
	_, _ = w.Write(text) // appending does not fail
	_ = w.Close()
	return buffer.text
}

// appender is a Writer to memory.
type appender struct{ text []byte }

func (a *appender) Write(text []byte) (int, error) {
	a.text = append(a.text, text...)
	return len(text), nil
}
