package scenario

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	bookstorev1 "client.example/bookstore/bookstore/v1"
	"client.example/bookstore/dataservice"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
)

func create(t *testing.T, client interface {
	CreateBook(context.Context, *bookstorev1.CreateBookRequest, ...grpc.CallOption) (*bookstorev1.Book, error)
}, request *bookstorev1.CreateBookRequest,
) *bookstorev1.Book {
	t.Helper()
	created, err := client.CreateBook(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	return created
}

func TestAnInvalidBookNamesItsFields(t *testing.T) {
	client := connect(t, dataservice.Options{})
	ctx := metadata.AppendToOutgoingContext(context.Background(), "x-request-id", "scenario-1")
	_, err := client.Book.CreateBook(ctx, &bookstorev1.CreateBookRequest{Book: &bookstorev1.Book{Title: "Emma", Year: 10000}})
	var invalid *dataservice.InvalidArgument
	if !errors.As(err, &invalid) {
		t.Fatal(err)
	}
	var fields []string
	for _, violation := range invalid.Violations {
		fields = append(fields, violation.Field)
	}
	slices.Sort(fields)
	if !slices.Equal(fields, []string{"book.author", "book.publisher", "book.year"}) {
		t.Errorf("violations of %v", fields)
	}
	if !strings.Contains(err.Error(), "scenario-1") {
		t.Errorf("the message has no request id: %v", err)
	}
}

func TestErrorsHaveTypes(t *testing.T) {
	ctx := context.Background()
	client := connect(t, dataservice.Options{})
	request := &bookstorev1.CreateBookRequest{Book: book(someAuthor(), "Emma"), RequestId: someAuthor()[len(planted)+1:]}
	created := create(t, client.Book, request)
	if again := create(t, client.Book, request); again.GetId() != created.GetId() {
		t.Errorf("the repetition of a request created %s beside %s", again.GetId(), created.GetId())
	}

	_, err := client.Book.GetBook(ctx, &bookstorev1.GetBookRequest{Id: "00000000-0000-7000-8000-000000000000"})
	if notFound := new(dataservice.NotFound); !errors.As(err, &notFound) || notFound.RequestID == "" {
		t.Errorf("NotFound: %v", err)
	}
	_, err = client.Book.CreateBook(ctx, &bookstorev1.CreateBookRequest{Book: created})
	if exists := new(dataservice.AlreadyExists); !errors.As(err, &exists) {
		t.Errorf("AlreadyExists: %v", err)
	}
	_, err = client.Book.CreateBook(ctx, &bookstorev1.CreateBookRequest{Book: book(someAuthor(), "Persuasion"), RequestId: request.RequestId})
	if reused := new(dataservice.RequestIDReused); !errors.As(err, &reused) {
		t.Errorf("RequestIDReused: %v", err)
	}
	stale := &bookstorev1.Book{Id: created.GetId(), Title: "Sanditon", Etag: created.GetEtag()}
	mask := &fieldmaskpb.FieldMask{Paths: []string{"title"}}
	if _, err = client.Book.UpdateBook(ctx, &bookstorev1.UpdateBookRequest{Book: stale, UpdateMask: mask}); err != nil {
		t.Fatal(err)
	}
	_, err = client.Book.UpdateBook(ctx, &bookstorev1.UpdateBookRequest{Book: stale, UpdateMask: mask})
	if mismatch := new(dataservice.VersionMismatch); !errors.As(err, &mismatch) {
		t.Errorf("VersionMismatch: %v", err)
	}
}

func TestConcurrentChangesAreAllKept(t *testing.T) {
	ctx := context.Background()
	client := connect(t, dataservice.Options{})
	created := create(t, client.Book, &bookstorev1.CreateBookRequest{Book: book(someAuthor(), "Emma")})
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 10 {
				_, err := client.Book.UpdateBookFunc(ctx, created.GetId(), func(b *bookstorev1.Book) error {
					b.Year++
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	read, err := client.Book.GetBook(ctx, &bookstorev1.GetBookRequest{Id: created.GetId()})
	if err != nil || read.GetYear() != created.GetYear()+40 {
		t.Errorf("the year is %d, %v", read.GetYear(), err)
	}

	stop := errors.New("stop")
	if _, err := client.Book.UpdateBookFunc(ctx, created.GetId(), func(*bookstorev1.Book) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the error of the change: %v", err)
	}
	same, err := client.Book.UpdateBookFunc(ctx, created.GetId(), func(*bookstorev1.Book) error { return nil })
	if err != nil || same.GetEtag() != read.GetEtag() {
		t.Errorf("a change of nothing: %v, %v", same, err)
	}
}
