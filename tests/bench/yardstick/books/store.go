package books

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pgx prepares a statement when a connection first uses it.
const (
	columns   = "id, title, author, publisher, year, create_time, update_time"
	getBook   = "SELECT " + columns + " FROM bookstore.book WHERE id = $1"
	firstPage = "SELECT " + columns + " FROM bookstore.book ORDER BY id LIMIT $1"
	nextPage  = "SELECT " + columns + " FROM bookstore.book WHERE id > $1 ORDER BY id LIMIT $2"
	newBook   = "INSERT INTO bookstore.book (id, title, author, publisher, year) " +
		"VALUES ($1, $2, $3, $4, $5) RETURNING create_time, update_time"
)

// ErrNotFound reports that no book has the given id.
var ErrNotFound = errors.New("no such book")

// Store reads and writes books. It is safe for concurrent use.
type Store struct {
	pool *pgxpool.Pool
}

// Open connects to a database, given as a libpq connection string or URI.
func Open(ctx context.Context, database string, connections int32) (*Store, error) {
	config, err := pgxpool.ParseConfig(database)
	if err != nil {
		return nil, err
	}
	config.MaxConns = connections
	config.MinConns = connections
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	return &Store{pool}, pool.Ping(ctx)
}

// Close closes all connections.
func (s *Store) Close() { s.pool.Close() }

func scan(row pgx.Row, b *Book) error {
	err := row.Scan(&b.ID, &b.Title, &b.Author, &b.Publisher, &b.Year, &b.CreateTime, &b.UpdateTime)
	b.stamp()
	return err
}

// Get returns one book, or ErrNotFound.
func (s *Store) Get(ctx context.Context, id string) (*Book, error) {
	var b Book
	err := scan(s.pool.QueryRow(ctx, getBook, id), &b)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNotFound
	}
	return &b, err
}

// List returns up to size books by ascending id: those after an id, or the first
// ones if it is empty.
func (s *Store) List(ctx context.Context, size int, after string) (*Page, error) {
	size = min(size, MaxPageSize)
	// An additional row shows whether another page exists.
	statement, arguments := firstPage, []any{size + 1}
	if after != "" {
		statement, arguments = nextPage, []any{after, size + 1}
	}
	rows, err := s.pool.Query(ctx, statement, arguments...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	page := &Page{Books: make([]Book, 0, size+1)}
	for rows.Next() {
		page.Books = append(page.Books, Book{})
		if err := scan(rows, &page.Books[len(page.Books)-1]); err != nil {
			return nil, err
		}
	}
	if len(page.Books) > size {
		page.Books = page.Books[:size]
		page.NextPageToken = page.Books[size-1].ID
	}
	return page, rows.Err()
}

// Create stores a new book and sets its times and version. A book without an id
// gets a UUID of version 7.
func (s *Store) Create(ctx context.Context, b *Book) error {
	if b.ID == "" {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		b.ID = id.String()
	}
	err := s.pool.QueryRow(ctx, newBook, b.ID, b.Title, b.Author, b.Publisher, b.Year).
		Scan(&b.CreateTime, &b.UpdateTime)
	b.stamp()
	return err
}
