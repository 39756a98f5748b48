package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"dataservice/yardstick/books"
)

const maxBody = 4 << 20

type handlers struct {
	store *books.Store
}

func (h *handlers) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /book/{id}", h.serveGet)
	mux.HandleFunc("GET /book", h.serveList)
	mux.HandleFunc("PUT /book", h.serveCreate)
	return mux
}

func (h *handlers) serveGet(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !books.IsID(id) {
		fail(w, http.StatusBadRequest, "id: must be a valid UUID")
		return
	}
	book, err := h.store.Get(r.Context(), id)
	if errors.Is(err, books.ErrNotFound) {
		fail(w, http.StatusNotFound, "no book "+id)
		return
	}
	answer(w, r, http.StatusOK, book, err)
}

func (h *handlers) serveList(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	size, after := books.DefaultPageSize, query.Get("pageToken")
	if text := query.Get("pageSize"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil || size < 1 {
			fail(w, http.StatusBadRequest, "pageSize: must be a positive number")
			return
		}
	}
	if after != "" && !books.IsID(after) {
		fail(w, http.StatusBadRequest, "pageToken: is not a token of this service")
		return
	}
	page, err := h.store.List(r.Context(), size, after)
	answer(w, r, http.StatusOK, page, err)
}

func (h *handlers) serveCreate(w http.ResponseWriter, r *http.Request) {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	var b books.Book
	if err := decoder.Decode(&b); err != nil {
		fail(w, http.StatusBadRequest, "the body is not a book: "+err.Error())
		return
	}
	if err := b.Validate(); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	err := h.store.Create(r.Context(), &b)
	if err == nil {
		w.Header().Set("Location", "/book/"+b.ID)
	}
	answer(w, r, http.StatusCreated, &b, err)
}

// answer writes a value as JSON, or an error of the database as status 503.
func answer(w http.ResponseWriter, r *http.Request, status int, value any, err error) {
	if err != nil {
		if r.Context().Err() != nil {
			return // the client has closed the connection
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
	_, _ = w.Write(body) // an error means that the client has closed the connection
}
