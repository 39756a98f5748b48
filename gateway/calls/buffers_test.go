package calls

import "testing"

func TestBuffersHaveTheirLength(t *testing.T) {
	for _, length := range []int{0, 1, 511, 512, 513, 32<<10 + 1, 1 << maxBuffer, 1<<maxBuffer + 1} {
		for range 2 { // a new buffer, and perhaps one that is used again
			buffer := Buffers.Get(length)
			if len(*buffer) != length {
				t.Fatalf("%d bytes instead of %d", len(*buffer), length)
			}
			if limit := max(2*length, 1<<minBuffer); cap(*buffer) > limit {
				t.Errorf("a buffer of %d bytes takes %d", length, cap(*buffer))
			}
			Buffers.Put(buffer)
		}
	}
}

// gRPC returns what it was given, in parts and with other buffers.
func TestOnlyBuffersOfThePoolAreKept(t *testing.T) {
	pool := new(buffers)
	for _, foreign := range [][]byte{nil, {}, make([]byte, 100), make([]byte, 0, 600), make([]byte, 0, 2<<maxBuffer)} {
		pool.Put(&foreign)
	}
	for i := range pool.sizes {
		if kept := pool.sizes[i].Get(); kept != nil {
			t.Errorf("a buffer of %d bytes was kept", cap(*kept.(*[]byte)))
		}
	}
}

func BenchmarkBuffers(b *testing.B) {
	for b.Loop() {
		Buffers.Put(Buffers.Get(200_000))
	}
}
