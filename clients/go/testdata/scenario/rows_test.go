package scenario

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	bookstorev1 "client.example/bookstore/bookstore/v1"
	"client.example/bookstore/dataservice"
)

func TestPagesHaveEachRowOnceWhileOthersWrite(t *testing.T) {
	ctx := context.Background()
	client, author := connect(t, dataservice.Options{}), someAuthor()
	const total = 10000
	var all []*bookstorev1.Book
	for n := range total {
		all = append(all, book(author, fmt.Sprint("Emma ", n)))
	}
	if result, err := client.Book.ImportBooksFrom(ctx, rows(all), dataservice.ImportOptions[*bookstorev1.Book]{}); err != nil || result.Imported != total {
		t.Fatalf("%+v, %v", result, err)
	}
	var done atomic.Bool
	var group sync.WaitGroup
	writes := atomic.Int64{}
	for range 2 {
		group.Go(func() {
			for !done.Load() {
				created, err := client.Book.CreateBook(ctx, &bookstorev1.CreateBookRequest{Book: book(author, "Persuasion")})
				if err == nil {
					_, err = client.Book.DeleteBook(ctx, &bookstorev1.DeleteBookRequest{Id: created.GetId()})
				}
				if err != nil {
					t.Error(err)
				}
				writes.Add(2)
			}
		})
	}
	found := map[string]int{}
	for row, err := range client.Book.ListBooksAll(ctx, &bookstorev1.ListBooksRequest{Author: author, PageSize: 100}, dataservice.ListOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(row.GetTitle(), "Emma") {
			found[row.GetTitle()]++
		}
	}
	done.Store(true)
	group.Wait()
	for title, count := range found {
		if count != 1 {
			t.Errorf("%s is listed %d times", title, count)
		}
	}
	if len(found) != total {
		t.Errorf("%d of %d rows are listed", len(found), total)
	}
	t.Logf("%d writes meanwhile", writes.Load())

	limited := 0
	for _, err := range client.Book.ListBooksAll(ctx, &bookstorev1.ListBooksRequest{Author: author}, dataservice.ListOptions{Limit: 1234}) {
		if err != nil {
			t.Fatal(err)
		}
		limited++
	}
	exported := 0
	filter := fmt.Sprintf("author = %q", author)
	for _, err := range client.Book.ExportBooksAll(ctx, &bookstorev1.ExportBooksRequest{Filter: filter}, dataservice.ExportOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		exported++
	}
	if limited != 1234 || exported != total {
		t.Errorf("%d rows with the limit 1234, %d exported", limited, exported)
	}
}

func TestAnImportReportsEachRefusedRow(t *testing.T) {
	client, author := connect(t, dataservice.Options{}), someAuthor()
	var all []*bookstorev1.Book
	var bad []int64
	for n := range 5000 {
		row := book(author, fmt.Sprint("Emma ", n))
		if n%7 == 3 {
			row.Year, bad = 10000, append(bad, int64(n))
		}
		all = append(all, row)
	}
	var refused []int64
	progress := dataservice.ImportResult{}
	result, err := client.Book.ImportBooksFrom(context.Background(), rows(all), dataservice.ImportOptions[*bookstorev1.Book]{
		Refused: func(position int64, row *bookstorev1.Book, err error) {
			refused = append(refused, position)
			var invalid *dataservice.InvalidArgument
			if row != all[position] || !errors.As(err, &invalid) || len(invalid.Violations) != 1 || invalid.Violations[0].Field != "book.year" {
				t.Errorf("row %d: %v", position, err)
			}
		},
		Progress: func(r dataservice.ImportResult) { progress = r },
	})
	expected := dataservice.ImportResult{Imported: int64(len(all) - len(bad)), Refused: int64(len(bad))}
	if err != nil || result != expected || progress != expected {
		t.Errorf("%+v, %v; expected %+v", result, err, expected)
	}
	if !slices.Equal(refused, bad) {
		t.Errorf("%d rows are reported, %d are bad", len(refused), len(bad))
	}
	if found := titles(t, client, author); len(found) != int(expected.Imported) {
		t.Errorf("%d rows exist", len(found))
	}
}

func TestEventualReadsSeeTheWritesOfTheirClient(t *testing.T) {
	client, author := connect(t, dataservice.Options{}), someAuthor()
	ctx := dataservice.EventualReads(context.Background(), 0)
	for n := range 20 {
		created, err := client.Book.CreateBook(ctx, &bookstorev1.CreateBookRequest{Book: book(author, fmt.Sprint("Emma ", n))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.Book.GetBook(ctx, &bookstorev1.GetBookRequest{Id: created.GetId()}); err != nil {
			t.Error(err)
		}
		found := 0
		for _, err := range client.Book.ListBooksAll(ctx, &bookstorev1.ListBooksRequest{Author: author, PageSize: 7}, dataservice.ListOptions{}) {
			if err != nil {
				t.Fatal(err)
			}
			found++
		}
		if found != n+1 {
			t.Errorf("%d of %d rows are listed", found, n+1)
		}
	}
}
