package edge_test

import (
	"context"
	"net"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"dataservice/gateway/edgetest"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

func TestTheServerIsAwayAndComesBack(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()

	g := newGatewayTo(t, address)
	start := time.Now()
	g.golden("errors/away_read", "GET", "/item/1", "")
	g.golden("errors/away_write", "PUT", "/item/1", `{"displayName":"x"}`)
	g.golden("errors/away_ready", "GET", "/readyz", "")
	expectStatus(t, g.do("GET", "/healthz", ""), 200)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("refusals took %v", took)
	}

	fake := edgetest.NewFake(t, address)
	fake.AnswerWith(&depot.Item{Id: "1"}, nil)
	for g.do("GET", "/item/1", "").StatusCode != 200 {
		if time.Since(start) > 10*time.Second {
			t.Fatal("the server is back and the gateway does not see it")
		}
		time.Sleep(20 * time.Millisecond) // no event reports that it serves again
	}
	expectStatus(t, g.do("GET", "/readyz", ""), 200)
}

func TestTheServerDiesDuringACall(t *testing.T) {
	for name, verb := range map[string]string{"lost_read": "GET", "lost_write": "PUT"} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t)
			g.Answer(func(ctx context.Context, _ *edgetest.Call) (proto.Message, error) {
				go g.Stop()
				<-ctx.Done()
				return nil, ctx.Err()
			})
			body := ""
			if verb == "PUT" {
				body = `{"displayName":"x"}`
			}
			g.golden("errors/"+name, verb, "/item/1", body)
		})
	}
}
