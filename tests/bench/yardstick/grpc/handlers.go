package main

import (
	"context"
	"errors"
	"log/slog"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "dataservice/gateway/gen/bookstore/pb/bookstore/v1"
	"dataservice/yardstick/books"
)

type handlers struct {
	store *books.Store
}

func (h *handlers) getBook(ctx context.Context, request *pb.GetBookRequest) (*pb.Book, error) {
	if !books.IsID(request.GetId()) {
		return nil, status.Error(codes.InvalidArgument, "id: must be a valid UUID")
	}
	b, err := h.store.Get(ctx, request.GetId())
	if err != nil {
		return nil, failed(ctx, err)
	}
	return message(b), nil
}

func (h *handlers) listBooks(ctx context.Context, request *pb.ListBooksRequest) (*pb.ListBooksResponse, error) {
	size, after := int(request.GetPageSize()), request.GetPageToken()
	switch {
	case size < 0:
		return nil, status.Error(codes.InvalidArgument, "page_size: must be a positive number")
	case size == 0:
		size = books.DefaultPageSize
	}
	if after != "" && !books.IsID(after) {
		return nil, status.Error(codes.InvalidArgument, "page_token: is not a token of this service")
	}
	page, err := h.store.List(ctx, size, after)
	if err != nil {
		return nil, failed(ctx, err)
	}
	response := &pb.ListBooksResponse{Books: make([]*pb.Book, len(page.Books))}
	if page.NextPageToken != "" {
		response.NextPageToken = &page.NextPageToken
	}
	for i := range page.Books {
		response.Books[i] = message(&page.Books[i])
	}
	return response, nil
}

func (h *handlers) createBook(ctx context.Context, request *pb.CreateBookRequest) (*pb.Book, error) {
	in := request.GetBook()
	b := &books.Book{
		ID:        in.GetId(),
		Title:     in.GetTitle(),
		Author:    in.GetAuthor(),
		Publisher: in.GetPublisher(),
		Year:      in.GetYear(),
	}
	if err := b.Validate(); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	if err := h.store.Create(ctx, b); err != nil {
		return nil, failed(ctx, err)
	}
	return message(b), nil
}

func message(b *books.Book) *pb.Book {
	return &pb.Book{
		Id:         b.ID,
		Title:      b.Title,
		Author:     b.Author,
		Publisher:  b.Publisher,
		Year:       b.Year,
		CreateTime: timestamppb.New(b.CreateTime),
		UpdateTime: timestamppb.New(b.UpdateTime),
		Etag:       b.Etag,
	}
}

// failed returns the status of an error of the store.
func failed(ctx context.Context, err error) error {
	if errors.Is(err, books.ErrNotFound) {
		return status.Error(codes.NotFound, err.Error())
	}
	if ctx.Err() != nil {
		return status.FromContextError(ctx.Err()).Err()
	}
	slog.ErrorContext(ctx, "database", "error", err)
	return status.Error(codes.Unavailable, "the database does not answer")
}
