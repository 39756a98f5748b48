package calls

import (
	"sync"

	"dataservice/gateway/limits"
)

// batches keeps the memory of sent batches. Unlike the pools of gRPC it does not
// clear what it gives out, because nothing but what is appended is sent.
var batches = &batchPool{}

type batchPool struct{ pool sync.Pool }

// Get returns an empty buffer.
func (p *batchPool) Get(int) *[]byte {
	if buffer, ok := p.pool.Get().(*[]byte); ok {
		return buffer
	}
	buffer := make([]byte, 0, limits.FirstBatchBytes)
	return &buffer
}

// Put takes back a buffer that was sent.
func (p *batchPool) Put(buffer *[]byte) {
	if cap(*buffer) <= limits.KeptBatchBytes {
		*buffer = (*buffer)[:0]
		p.pool.Put(buffer)
	}
}
