package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

const (
	maxBody         = 4 << 20
	defaultPageSize = 50
	maxPageSize     = 1000
)

func (s *store) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /book/{id}", s.serveGet)
	mux.HandleFunc("GET /book", s.serveList)
	mux.HandleFunc("PUT /book", s.serveCreate)
	return mux
}

func (s *store) serveGet(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if _, err := uuid.Parse(id); err != nil || len(id) != 36 {
		fail(w, http.StatusBadRequest, "id: must be a valid UUID")
		return
	}
	b, err := s.get(r.Context(), id)
	if errors.Is(err, pgx.ErrNoRows) {
		fail(w, http.StatusNotFound, "no book "+id)
		return
	}
	answer(w, r, http.StatusOK, b, err)
}

func (s *store) serveList(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	size, after := defaultPageSize, query.Get("pageToken")
	if text := query.Get("pageSize"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil || size < 1 {
			fail(w, http.StatusBadRequest, "pageSize: must be a positive number")
			return
		}
	}
	if after != "" && uuid.Validate(after) != nil {
		fail(w, http.StatusBadRequest, "pageToken: is not one that was given")
		return
	}
	books, err := s.list(r.Context(), min(size, maxPageSize), after)
	answer(w, r, http.StatusOK, books, err)
}

func (s *store) serveCreate(w http.ResponseWriter, r *http.Request) {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	var b book
	if err := decoder.Decode(&b); err != nil {
		fail(w, http.StatusBadRequest, "the body is not a book: "+err.Error())
		return
	}
	if err := b.validate(); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	err := s.create(r.Context(), &b)
	if err == nil {
		w.Header().Set("Location", "/book/"+b.ID)
	}
	answer(w, r, http.StatusCreated, &b, err)
}

// answer writes a value as JSON, or what went wrong.
func answer(w http.ResponseWriter, r *http.Request, status int, value any, err error) {
	if err != nil {
		if r.Context().Err() != nil {
			return // the client has gone
		}
		slog.ErrorContext(r.Context(), "database", "error", err)
		fail(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	body, err := json.Marshal(value)
	if err != nil {
		fail(w, http.StatusInternalServerError, "no JSON")
		return
	}
	send(w, status, "application/json", body)
}

func fail(w http.ResponseWriter, status int, detail string) {
	body, _ := json.Marshal(map[string]any{"status": status, "detail": detail})
	send(w, status, "application/problem+json", body)
}

func send(w http.ResponseWriter, status int, mediaType string, body []byte) {
	header := w.Header()
	header.Set("Content-Type", mediaType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone needs no answer
}
