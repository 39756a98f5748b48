// Measure prints calls a second and CPU a call of the client and of the bare stub:
// measure [SECONDS]. One call at a time; the rounds of both take turns.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"os"
	"slices"
	"strconv"
	"syscall"
	"time"

	"client.example/bookstore"
	bookstorev1 "client.example/bookstore/bookstore/v1"
	"client.example/bookstore/dataservice"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// Short ones, so that other load meets both alike.
const rounds = 101

// rate has calls a second, and microseconds of CPU a call.
type rate struct{ calls, cpu float64 }

// used returns the CPU time of this process.
func used() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func measure(call func() error, length time.Duration) rate {
	before, start, calls := used(), time.Now(), 0
	for ; time.Since(start) < length; calls++ {
		if err := call(); err != nil {
			log.Fatal(err)
		}
	}
	cpu := used() - before
	return rate{float64(calls) / time.Since(start).Seconds(), float64(cpu.Microseconds()) / float64(calls)}
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

func compare(name string, bare, own func() error, length time.Duration) {
	var calls, cpu [2][]float64
	var more []float64
	for range rounds {
		one, other := measure(bare, length/rounds), measure(own, length/rounds)
		for i, r := range []rate{one, other} {
			calls[i], cpu[i] = append(calls[i], r.calls), append(cpu[i], r.cpu)
		}
		more = append(more, other.cpu/one.cpu)
	}
	fmt.Printf("%s: stub %.0f/s %.0f us, client %.0f/s %.0f us, %+.0f %% CPU\n", name,
		median(calls[0]), median(cpu[0]), median(calls[1]), median(cpu[1]), median(more)*100-100)
}

// limited calls with the deadline that a caller of a bare stub sets.
func limited[Request, Response any](
	call func(context.Context, Request, ...grpc.CallOption) (Response, error), request func() Request,
) func() error {
	return func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		_, err := call(ctx, request())
		return err
	}
}

func main() {
	seconds := 10
	if len(os.Args) > 1 {
		var err error
		if seconds, err = strconv.Atoi(os.Args[1]); err != nil {
			log.Fatal(err)
		}
	}
	length := time.Duration(seconds) * time.Second
	target, ctx := os.Getenv("CLIENT_TARGET"), context.Background()
	client, err := bookstore.Dial(target, dataservice.Options{Cleartext: true})
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	stub := bookstorev1.NewBookServiceClient(conn)

	book := &bookstorev1.Book{Title: "Emma", Author: "Jane Austen", Publisher: "John Murray", Year: 1815}
	created, err := client.Book.CreateBook(ctx, &bookstorev1.CreateBookRequest{Book: book})
	if err != nil {
		log.Fatal(err)
	}
	get := &bookstorev1.GetBookRequest{Id: created.GetId()}
	compare("get",
		limited(stub.GetBook, func() *bookstorev1.GetBookRequest { return get }),
		func() error {
			_, err := client.Book.GetBook(ctx, get)
			return err
		}, length)
	compare("create",
		limited(stub.CreateBook, func() *bookstorev1.CreateBookRequest {
			return &bookstorev1.CreateBookRequest{Book: book, RequestId: rand.Text()}
		}),
		func() error {
			_, err := client.Book.CreateBook(ctx, &bookstorev1.CreateBookRequest{Book: book})
			return err
		}, length)
}
