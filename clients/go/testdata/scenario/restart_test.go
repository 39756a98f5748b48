package scenario

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bookstorev1 "client.example/bookstore/bookstore/v1"
	"client.example/bookstore/dataservice"
	"google.golang.org/grpc/codes"
)

// restart kills the servers and starts them again, twice.
func restart(t *testing.T) {
	for range 2 {
		time.Sleep(700 * time.Millisecond)
		control(t, "kill")
		time.Sleep(500 * time.Millisecond)
		control(t, "start")
	}
}

func TestEachCreationIsCarriedOutOnceWhileTheServerRestarts(t *testing.T) {
	client, author := connect(t, dataservice.Options{}), someAuthor()
	var next atomic.Int64
	var done atomic.Bool
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for !done.Load() {
				title := fmt.Sprint("Emma ", next.Add(1))
				if _, err := client.Book.CreateBook(context.Background(), &bookstorev1.CreateBookRequest{Book: book(author, title)}); err != nil {
					t.Errorf("%s: %v", title, err)
				}
			}
		})
	}
	restart(t)
	time.Sleep(300 * time.Millisecond)
	done.Store(true)
	group.Wait()
	found := titles(t, client, author)
	if len(found) != int(next.Load()) {
		t.Errorf("%d titles of %d exist", len(found), next.Load())
	}
	for title, count := range found {
		if count != 1 {
			t.Errorf("%s exists %d times", title, count)
		}
	}
	t.Logf("%d creations", next.Load())
}

func TestEachRowIsImportedOnceWhileTheServerRestarts(t *testing.T) {
	client, author := connect(t, dataservice.Options{}), someAuthor()
	var done atomic.Bool
	sent := 0
	source := func(yield func(*bookstorev1.Book, error) bool) {
		for ; !done.Load(); sent++ {
			if !yield(book(author, fmt.Sprint("Emma ", sent)), nil) {
				return
			}
			if sent%20 == 0 {
				time.Sleep(time.Millisecond)
			}
		}
	}
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		defer done.Store(true)
		restart(t)
	}()
	result, err := client.Book.ImportBooksFrom(context.Background(), source, dataservice.ImportOptions[*bookstorev1.Book]{Chunk: 500})
	<-finished
	if err != nil || result.Imported != int64(sent) || result.Refused != 0 {
		t.Errorf("%+v of %d rows, %v", result, sent, err)
	}
	found := titles(t, client, author)
	for title, count := range found {
		if count != 1 {
			t.Errorf("%s exists %d times", title, count)
		}
	}
	if len(found) != sent {
		t.Errorf("%d titles of %d exist", len(found), sent)
	}
	t.Logf("%d rows", sent)
}

func TestACallEndsAtItsDeadline(t *testing.T) {
	client := connect(t, dataservice.Options{Deadline: time.Second})
	short, cancel := context.WithTimeout(context.Background(), time.Microsecond)
	defer cancel()
	_, err := client.Book.ListBooks(short, &bookstorev1.ListBooksRequest{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a context whose deadline has passed: %v", err)
	}
	control(t, "kill")
	defer control(t, "start")
	start := time.Now()
	_, err = client.Book.ListBooks(context.Background(), &bookstorev1.ListBooksRequest{})
	var e *dataservice.Error
	if !errors.As(err, &e) || e.Code != codes.Unavailable || e.Attempts < 2 {
		t.Errorf("the server is away: %v", err)
	}
	if taken := time.Since(start); taken > 5*time.Second {
		t.Errorf("the call took %v", taken)
	}
	_, err = client.Book.CreateBook(context.Background(), &bookstorev1.CreateBookRequest{Book: book(someAuthor(), "Emma")})
	if unknown := new(dataservice.OutcomeUnknown); errors.As(err, &unknown) || err == nil {
		t.Errorf("a creation that was never sent: %v", err)
	}
}
