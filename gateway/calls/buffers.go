package calls

import (
	"math/bits"
	"sync"

	"google.golang.org/grpc/mem"
)

// Buffers is the memory of messages and frames. Unlike gRPC's own pool it does not clear a
// buffer that is used again, and has a size for each power of two: gRPC takes a megabyte for
// a message of 33 KB, and clears all of it. What takes a buffer must fill it.
var Buffers mem.BufferPool = new(buffers)

const (
	// minBuffer and maxBuffer are the powers of two of the sizes that are kept.
	minBuffer = 9
	maxBuffer = 22
)

// buffers implements mem.BufferPool. The buffers of sizes[i] have 1<<(minBuffer+i) bytes.
type buffers struct {
	sizes [maxBuffer - minBuffer + 1]sync.Pool
}

func (b *buffers) Get(length int) *[]byte {
	if length <= 0 || length > 1<<maxBuffer {
		buffer := make([]byte, length)
		return &buffer
	}
	size := max(bits.Len(uint(length-1)), minBuffer)
	if kept, ok := b.sizes[size-minBuffer].Get().(*[]byte); ok {
		*kept = (*kept)[:length]
		return kept
	}
	buffer := make([]byte, length, 1<<size)
	return &buffer
}

func (b *buffers) Put(buffer *[]byte) {
	size := bits.Len(uint(cap(*buffer))) - 1
	if size < minBuffer || size > maxBuffer || cap(*buffer) != 1<<size {
		return // not one of Get
	}
	b.sizes[size-minBuffer].Put(buffer)
}
