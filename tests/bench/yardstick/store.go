package main

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Statements are prepared by pgx when a connection first uses them.
const (
	columns   = "id, title, author, publisher, year, create_time, update_time"
	getBook   = "SELECT " + columns + " FROM bookstore.book WHERE id = $1"
	firstPage = "SELECT " + columns + " FROM bookstore.book ORDER BY id LIMIT $1"
	nextPage  = "SELECT " + columns + " FROM bookstore.book WHERE id > $1 ORDER BY id LIMIT $2"
	newBook   = "INSERT INTO bookstore.book (id, title, author, publisher, year) " +
		"VALUES ($1, $2, $3, $4, $5) RETURNING create_time, update_time"
)

// store keeps books in PostgreSQL.
type store struct {
	pool *pgxpool.Pool
}

func openStore(ctx context.Context, database string, connections int32) (*store, error) {
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
	return &store{pool}, pool.Ping(ctx)
}

func scan(row pgx.Row, b *book) error {
	err := row.Scan(&b.ID, &b.Title, &b.Author, &b.Publisher, &b.Year, &b.CreateTime, &b.UpdateTime)
	b.stamp()
	return err
}

// get answers pgx.ErrNoRows where there is none.
func (s *store) get(ctx context.Context, id string) (book, error) {
	var b book
	return b, scan(s.pool.QueryRow(ctx, getBook, id), &b)
}

// list answers the books after an id, or the first ones.
func (s *store) list(ctx context.Context, size int, after string) (page, error) {
	// One more tells whether there is a next page.
	statement, arguments := firstPage, []any{size + 1}
	if after != "" {
		statement, arguments = nextPage, []any{after, size + 1}
	}
	rows, err := s.pool.Query(ctx, statement, arguments...)
	if err != nil {
		return page{}, err
	}
	defer rows.Close()
	result := page{Books: make([]book, 0, size+1)}
	for rows.Next() {
		var b book
		if err := scan(rows, &b); err != nil {
			return page{}, err
		}
		result.Books = append(result.Books, b)
	}
	if len(result.Books) > size {
		result.Books = result.Books[:size]
		result.NextPageToken = result.Books[size-1].ID
	}
	return result, rows.Err()
}

// create stores a new book, with an id of version 7 where it has none.
func (s *store) create(ctx context.Context, b *book) error {
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
