// Package scenario uses the generated client of the bookstore as its users would, against
// the running system of CLIENT_* (clients/testing/system).
package scenario

import (
	"context"
	"crypto/rand"
	"iter"
	"os"
	"os/exec"
	"testing"

	"client.example/bookstore"
	bookstorev1 "client.example/bookstore/bookstore/v1"
	"client.example/bookstore/dataservice"
)

// planted is in the values of requests; no log may have it.
const planted = "planted-4f1c9a"

func connect(t *testing.T, options dataservice.Options) *bookstore.Client {
	t.Helper()
	options.Cleartext = true
	client, err := bookstore.Dial(os.Getenv("CLIENT_TARGET"), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// control kills or starts the servers.
func control(t *testing.T, verb string) {
	t.Helper()
	if output, err := exec.Command(os.Getenv("CLIENT_CONTROL"), verb).CombinedOutput(); err != nil {
		t.Errorf("%s: %v: %s", verb, err, output)
	}
}

// someAuthor returns a name that only one test uses.
func someAuthor() string { return planted + " " + rand.Text() }

func book(author, title string) *bookstorev1.Book {
	return &bookstorev1.Book{Title: title, Author: author, Publisher: "John Murray", Year: 1815}
}

// titles counts the titles of an author.
func titles(t *testing.T, client *bookstore.Client, author string) map[string]int {
	t.Helper()
	count := map[string]int{}
	for book, err := range client.Book.ListBooksAll(context.Background(), &bookstorev1.ListBooksRequest{Author: author}, dataservice.ListOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		count[book.GetTitle()]++
	}
	return count
}

// rows returns the elements of a slice as an import reads them.
func rows[Row any](all []Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, row := range all {
			if !yield(row, nil) {
				return
			}
		}
	}
}
