package admission

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"dataservice/gateway/limits"
)

func clientAt(address string) Client { return ClientOf(netip.MustParseAddr(address)) }

// begun returns a request of a client that holds memory.
func begun(t *testing.T, c *Control, address string) *Request {
	t.Helper()
	r := &Request{}
	if !r.Begin(c, clientAt(address)) {
		t.Fatalf("%s: no memory", address)
	}
	return r
}

// waits reports whether a call of a request does not begin at once.
func waits(r *Request) bool {
	return errors.Is(r.Call(context.Background(), time.Now().Add(time.Millisecond)), ErrNoTurn)
}

func TestOneClientLeavesCallsForOthers(t *testing.T) {
	c := New(Limits{Bytes: 1 << 30, Calls: 100})
	for range 75 {
		if waits(begun(t, c, "192.0.2.1")) {
			t.Fatal("a call within the part of the client waits")
		}
	}
	last := begun(t, c, "192.0.2.1")
	if !waits(last) {
		t.Error("one client has more than three quarters of the calls")
	}
	if waits(begun(t, c, "192.0.2.2")) {
		t.Error("another client waits for its first call")
	}
}

// A client with many calls that wait gets no more turns than one with few.
func TestClientsTakeTurns(t *testing.T) {
	const calls, modest, each = 8, 9, 50
	c := New(Limits{Bytes: 1 << 30, Calls: calls})
	stop := make(chan struct{})
	var greedy, done sync.WaitGroup
	var mutex sync.Mutex
	served := map[string]int{}
	run := func(address string) {
		r := begun(t, c, address)
		defer r.End()
		if err := r.Call(t.Context(), time.Now().Add(10*time.Second)); err != nil {
			t.Error(address, err)
			return
		}
		time.Sleep(200 * time.Microsecond)
		mutex.Lock()
		served[address]++
		mutex.Unlock()
		r.Called()
	}
	for range 500 {
		greedy.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					run("192.0.2.100")
				}
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	for i := range modest {
		done.Go(func() {
			for range each {
				run(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}).String())
			}
		})
	}
	done.Wait()
	mutex.Lock()
	of := served["192.0.2.100"]
	mutex.Unlock()
	close(stop)
	greedy.Wait()
	// 500 callers of one client beside nine: without turns they would have 500/509.
	if share := float64(of) / float64(of+modest*each); share > 0.6 {
		t.Errorf("the greedy client had %.0f %% of the calls", 100*share)
	}
	if c.Held() != 0 || c.calls != 0 || len(c.turns) != 0 {
		t.Errorf("%d bytes and %d calls are left", c.Held(), c.calls)
	}
}

func TestACallThatIsGivenUpTakesNoTurn(t *testing.T) {
	c := New(Limits{Bytes: 1 << 30, Calls: 1})
	first, second, third := begun(t, c, "192.0.2.1"), begun(t, c, "192.0.2.2"), begun(t, c, "192.0.2.3")
	if waits(first) {
		t.Fatal("the first call waits")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := second.Call(ctx, time.Now().Add(time.Hour)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	first.Called()
	if waits(third) {
		t.Error("the call that was given up has the turn")
	}
}

func TestOneClientHoldsHalfOfTheMemory(t *testing.T) {
	c := New(Limits{Bytes: 100 * limits.RequestBytes, Calls: 1})
	var held []*Request
	for {
		r := &Request{}
		if !r.Begin(c, clientAt("2001:db8::1")) {
			break
		}
		held = append(held, r)
	}
	if len(held) != 50 {
		t.Errorf("one client has %d of 100", len(held))
	}
	// The same network is the same client, another one is not.
	if (&Request{}).Begin(c, clientAt("2001:db8::2")) {
		t.Error("another address of the same subscriber gets memory")
	}
	other := begun(t, c, "2001:db8:0:1::1")
	if !other.Hold(49*limits.RequestBytes) || other.Hold(2*limits.RequestBytes) {
		t.Error("the other client cannot hold its half, or can hold more")
	}
	other.HoldAnyway(limits.RequestBytes)
	other.End()
	for _, r := range held {
		r.End()
	}
	if c.Held() != 0 {
		t.Errorf("%d bytes are left", c.Held())
	}
}

// Of requests that compete for the memory, not all are refused.
func TestARefusedRequestYields(t *testing.T) {
	c := New(Limits{Bytes: 8 << 20, Calls: 1})
	first, second := begun(t, c, "10.0.0.1"), begun(t, c, "10.0.0.1")
	if !first.HoldOrYield(2<<20) || !second.HoldOrYield(1<<20) {
		t.Fatal("3 MB are not free")
	}
	if second.HoldOrYield(2 << 20) {
		t.Error("more than half of the memory is held")
	}
	if !first.HoldOrYield(1 << 20) {
		t.Error("the refused request has not yielded")
	}
	if second.Used() != 0 || !second.Hold(limits.RequestBytes) {
		t.Error("the refused request has no memory for its answer")
	}
	first.Yield()
	if c.Held() != 2*limits.RequestBytes {
		t.Errorf("%d bytes are held", c.Held())
	}
	first.End()
	second.End()
	if c.Held() != 0 {
		t.Errorf("%d bytes are held", c.Held())
	}
}

func BenchmarkRequest(b *testing.B) {
	c := New(Limits{Bytes: 1 << 30, Calls: 256})
	client, deadline := clientAt("192.0.2.1"), time.Now().Add(time.Hour)
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			var r Request
			r.Begin(c, client)
			_ = r.Call(context.Background(), deadline)
			r.Called()
			r.End()
		}
	})
}
