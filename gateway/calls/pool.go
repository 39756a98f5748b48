package calls

import (
	"fmt"
	"sync"

	"google.golang.org/grpc/mem"
)

// bytesCodec sends bytes as they are, and leaves what it receives in its buffer.
type bytesCodec struct{}

// Name is that of Protobuf's codec, whose bytes these are.
func (bytesCodec) Name() string { return "proto" }

// Marshal takes []byte, or a mem.Buffer, which gRPC frees.
func (bytesCodec) Marshal(v any) (mem.BufferSlice, error) {
	switch message := v.(type) {
	case []byte:
		return mem.BufferSlice{mem.SliceBuffer(message)}, nil
	case mem.Buffer:
		return mem.BufferSlice{message}, nil
	}
	return nil, fmt.Errorf("cannot send a %T as bytes", v)
}

// Unmarshal takes a *mem.Buffer, which the receiver frees.
func (bytesCodec) Unmarshal(data mem.BufferSlice, v any) error {
	message, ok := v.(*mem.Buffer)
	if !ok {
		return fmt.Errorf("cannot receive bytes as a %T", v)
	}
	*message = data.MaterializeToBuffer(mem.DefaultBufferPool())
	return nil
}

// batches keeps the memory of sent batches. Unlike the pools of gRPC it does not
// clear what it gives out, because nothing but what is appended is sent.
var batches = &batchPool{}

const (
	firstBatchBytes = 16 << 10
	keptBatchBytes  = 1 << 20
)

type batchPool struct{ pool sync.Pool }

// Get returns an empty buffer.
func (p *batchPool) Get(int) *[]byte {
	if buffer, ok := p.pool.Get().(*[]byte); ok {
		return buffer
	}
	buffer := make([]byte, 0, firstBatchBytes)
	return &buffer
}

// Put takes back a buffer that was sent.
func (p *batchPool) Put(buffer *[]byte) {
	if cap(*buffer) <= keptBatchBytes {
		*buffer = (*buffer)[:0]
		p.pool.Put(buffer)
	}
}
