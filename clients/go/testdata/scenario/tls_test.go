package scenario

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"client.example/bookstore"
	bookstorev1 "client.example/bookstore/bookstore/v1"
	"client.example/bookstore/dataservice"
	"google.golang.org/grpc/codes"
)

func secret(name string) string { return filepath.Join(os.Getenv("CLIENT_TLS"), name) }

// connectTLS connects to the server that identifies its callers.
func connectTLS(t *testing.T, options dataservice.Options) *bookstore.Client {
	t.Helper()
	options.TLS.CA = secret("ca.crt")
	client, err := bookstore.Dial(os.Getenv("CLIENT_TLS_TARGET"), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func TestACertificateIdentifiesTheClient(t *testing.T) {
	client := connectTLS(t, dataservice.Options{TLS: dataservice.TLS{Certificate: secret("client.crt"), Key: secret("client.key")}})
	author := someAuthor()
	create(t, client.Book, &bookstorev1.CreateBookRequest{Book: book(author, "Emma")})
	if found := titles(t, client, author); found["Emma"] != 1 {
		t.Errorf("found %v", found)
	}
}

func TestARejectedTokenIsReplacedOnce(t *testing.T) {
	text, err := os.ReadFile(secret("token"))
	if err != nil {
		t.Fatal(err)
	}
	values := []string{"forged", strings.TrimSpace(string(text)), "forged again"}
	fetched := 0
	client := connectTLS(t, dataservice.Options{Token: func(context.Context) (dataservice.Token, error) {
		fetched++
		return dataservice.Token{Value: values[fetched-1]}, nil
	}})
	author := someAuthor()
	for range 3 {
		create(t, client.Book, &bookstorev1.CreateBookRequest{Book: book(author, "Emma")})
	}
	if found := titles(t, client, author); found["Emma"] != 3 || fetched != 2 {
		t.Errorf("found %v with %d tokens", found, fetched)
	}
}

func TestACallerWithoutIdentityIsRefused(t *testing.T) {
	client := connectTLS(t, dataservice.Options{})
	_, err := client.Book.ListBooks(context.Background(), &bookstorev1.ListBooksRequest{})
	var e *dataservice.Error
	if !errors.As(err, &e) || e.Code != codes.Unauthenticated {
		t.Errorf("%v", err)
	}
}
