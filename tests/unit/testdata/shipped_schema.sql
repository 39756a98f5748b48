CREATE SCHEMA IF NOT EXISTS bookstore;
CREATE TABLE bookstore.schema_history (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  apply_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  role text COLLATE "C" NOT NULL DEFAULT CURRENT_USER,
  tool_version text COLLATE "C" NOT NULL,
  contract_digest text COLLATE "C" NOT NULL,
  step text COLLATE "C" NOT NULL,
  sql text COLLATE "C" NOT NULL,
  CONSTRAINT schema_history_pkey PRIMARY KEY (id)
);
CREATE TABLE bookstore.book (
  id uuid NOT NULL,
  title varchar(200) COLLATE "C" NOT NULL DEFAULT '',
  author varchar(100) COLLATE "C" NOT NULL DEFAULT '',
  publisher varchar(100) COLLATE "C" NOT NULL DEFAULT '',
  year integer NOT NULL DEFAULT 0,
  create_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  update_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT book_pkey PRIMARY KEY (id),
  CONSTRAINT book_title_required CHECK (title <> ''),
  CONSTRAINT book_author_required CHECK (author <> ''),
  CONSTRAINT book_publisher_required CHECK (publisher <> ''),
  CONSTRAINT book_year_required CHECK (year <> 0),
  CONSTRAINT book_year_range CHECK (year >= -3000 AND year <= 9999),
  CONSTRAINT book_create_time_type CHECK (create_time >= '0001-01-01 00:00:00+00'::timestamptz AND create_time < '10000-01-01 00:00:00+00'::timestamptz),
  CONSTRAINT book_update_time_type CHECK (update_time >= '0001-01-01 00:00:00+00'::timestamptz AND update_time < '10000-01-01 00:00:00+00'::timestamptz)
);
CREATE TABLE bookstore.review (
  id uuid NOT NULL,
  book_id uuid NOT NULL,
  reviewer varchar(100) COLLATE "C" NOT NULL DEFAULT '',
  rate integer NOT NULL DEFAULT 0,
  review varchar(500) COLLATE "C",
  create_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  update_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT review_pkey PRIMARY KEY (id),
  CONSTRAINT review_reviewer_required CHECK (reviewer <> ''),
  CONSTRAINT review_rate_required CHECK (rate <> 0),
  CONSTRAINT review_rate_range CHECK (rate >= 1 AND rate <= 5),
  CONSTRAINT review_create_time_type CHECK (create_time >= '0001-01-01 00:00:00+00'::timestamptz AND create_time < '10000-01-01 00:00:00+00'::timestamptz),
  CONSTRAINT review_update_time_type CHECK (update_time >= '0001-01-01 00:00:00+00'::timestamptz AND update_time < '10000-01-01 00:00:00+00'::timestamptz)
);
CREATE TABLE bookstore.request_claim (
  request_id text COLLATE "C" NOT NULL,
  digest bytea NOT NULL,
  answer jsonb NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT request_claim_pkey PRIMARY KEY (request_id)
);
COMMENT ON TABLE bookstore.schema_history IS 'dataservice: (schema_history)';
COMMENT ON COLUMN bookstore.schema_history.id IS 'dataservice: (schema_history).id = 1';
COMMENT ON COLUMN bookstore.schema_history.apply_time IS 'dataservice: (schema_history).apply_time = 2';
COMMENT ON COLUMN bookstore.schema_history.role IS 'dataservice: (schema_history).role = 3';
COMMENT ON COLUMN bookstore.schema_history.tool_version IS 'dataservice: (schema_history).tool_version = 4';
COMMENT ON COLUMN bookstore.schema_history.contract_digest IS 'dataservice: (schema_history).contract_digest = 5';
COMMENT ON COLUMN bookstore.schema_history.step IS 'dataservice: (schema_history).step = 6';
COMMENT ON COLUMN bookstore.schema_history.sql IS 'dataservice: (schema_history).sql = 7';
COMMENT ON CONSTRAINT schema_history_pkey ON bookstore.schema_history IS 'dataservice: PRIMARY KEY (id)';
CREATE INDEX book_title_id_idx ON bookstore.book (title, id);
CREATE INDEX book_author_id_idx ON bookstore.book (author, id);
CREATE INDEX book_year_id_idx ON bookstore.book (year, id);
COMMENT ON TABLE bookstore.book IS 'dataservice: bookstore.v1.Book';
COMMENT ON COLUMN bookstore.book.id IS 'dataservice: bookstore.v1.Book.id = 1';
COMMENT ON COLUMN bookstore.book.title IS 'dataservice: bookstore.v1.Book.title = 2';
COMMENT ON COLUMN bookstore.book.author IS 'dataservice: bookstore.v1.Book.author = 3';
COMMENT ON COLUMN bookstore.book.publisher IS 'dataservice: bookstore.v1.Book.publisher = 4';
COMMENT ON COLUMN bookstore.book.year IS 'dataservice: bookstore.v1.Book.year = 5';
COMMENT ON COLUMN bookstore.book.create_time IS 'dataservice: bookstore.v1.Book.create_time = 6';
COMMENT ON COLUMN bookstore.book.update_time IS 'dataservice: bookstore.v1.Book.update_time = 7';
COMMENT ON CONSTRAINT book_pkey ON bookstore.book IS 'dataservice: PRIMARY KEY (id)';
COMMENT ON CONSTRAINT book_title_required ON bookstore.book IS 'dataservice: CHECK (title <> '''')';
COMMENT ON CONSTRAINT book_author_required ON bookstore.book IS 'dataservice: CHECK (author <> '''')';
COMMENT ON CONSTRAINT book_publisher_required ON bookstore.book IS 'dataservice: CHECK (publisher <> '''')';
COMMENT ON CONSTRAINT book_year_required ON bookstore.book IS 'dataservice: CHECK (year <> 0)';
COMMENT ON CONSTRAINT book_year_range ON bookstore.book IS 'dataservice: CHECK (year >= -3000 AND year <= 9999)';
COMMENT ON CONSTRAINT book_create_time_type ON bookstore.book IS 'dataservice: CHECK (create_time >= ''0001-01-01 00:00:00+00''::timestamptz AND create_time < ''10000-01-01 00:00:00+00''::timestamptz)';
COMMENT ON CONSTRAINT book_update_time_type ON bookstore.book IS 'dataservice: CHECK (update_time >= ''0001-01-01 00:00:00+00''::timestamptz AND update_time < ''10000-01-01 00:00:00+00''::timestamptz)';
COMMENT ON INDEX bookstore.book_title_id_idx IS 'dataservice: INDEX (title, id)';
COMMENT ON INDEX bookstore.book_author_id_idx IS 'dataservice: INDEX (author, id)';
COMMENT ON INDEX bookstore.book_year_id_idx IS 'dataservice: INDEX (year, id)';
ALTER TABLE bookstore.review ADD CONSTRAINT review_book_id_fkey FOREIGN KEY (book_id) REFERENCES bookstore.book (id) ON DELETE CASCADE;
CREATE INDEX review_book_id_id_idx ON bookstore.review (book_id, id);
COMMENT ON TABLE bookstore.review IS 'dataservice: bookstore.v1.Review';
COMMENT ON COLUMN bookstore.review.id IS 'dataservice: bookstore.v1.Review.id = 1';
COMMENT ON COLUMN bookstore.review.book_id IS 'dataservice: bookstore.v1.Review.book_id = 2';
COMMENT ON COLUMN bookstore.review.reviewer IS 'dataservice: bookstore.v1.Review.reviewer = 3';
COMMENT ON COLUMN bookstore.review.rate IS 'dataservice: bookstore.v1.Review.rate = 4';
COMMENT ON COLUMN bookstore.review.review IS 'dataservice: bookstore.v1.Review.review = 5';
COMMENT ON COLUMN bookstore.review.create_time IS 'dataservice: bookstore.v1.Review.create_time = 6';
COMMENT ON COLUMN bookstore.review.update_time IS 'dataservice: bookstore.v1.Review.update_time = 7';
COMMENT ON CONSTRAINT review_pkey ON bookstore.review IS 'dataservice: PRIMARY KEY (id)';
COMMENT ON CONSTRAINT review_reviewer_required ON bookstore.review IS 'dataservice: CHECK (reviewer <> '''')';
COMMENT ON CONSTRAINT review_rate_required ON bookstore.review IS 'dataservice: CHECK (rate <> 0)';
COMMENT ON CONSTRAINT review_rate_range ON bookstore.review IS 'dataservice: CHECK (rate >= 1 AND rate <= 5)';
COMMENT ON CONSTRAINT review_create_time_type ON bookstore.review IS 'dataservice: CHECK (create_time >= ''0001-01-01 00:00:00+00''::timestamptz AND create_time < ''10000-01-01 00:00:00+00''::timestamptz)';
COMMENT ON CONSTRAINT review_update_time_type ON bookstore.review IS 'dataservice: CHECK (update_time >= ''0001-01-01 00:00:00+00''::timestamptz AND update_time < ''10000-01-01 00:00:00+00''::timestamptz)';
COMMENT ON CONSTRAINT review_book_id_fkey ON bookstore.review IS 'dataservice: FOREIGN KEY (book_id) REFERENCES bookstore.book (id) ON DELETE CASCADE';
COMMENT ON INDEX bookstore.review_book_id_id_idx IS 'dataservice: INDEX (book_id, id)';
CREATE INDEX request_claim_create_time_idx ON bookstore.request_claim (create_time);
COMMENT ON TABLE bookstore.request_claim IS 'dataservice: (request_claim)';
COMMENT ON COLUMN bookstore.request_claim.request_id IS 'dataservice: (request_claim).request_id = 1';
COMMENT ON COLUMN bookstore.request_claim.digest IS 'dataservice: (request_claim).digest = 2';
COMMENT ON COLUMN bookstore.request_claim.answer IS 'dataservice: (request_claim).answer = 3';
COMMENT ON COLUMN bookstore.request_claim.create_time IS 'dataservice: (request_claim).create_time = 4';
COMMENT ON CONSTRAINT request_claim_pkey ON bookstore.request_claim IS 'dataservice: PRIMARY KEY (request_id)';
COMMENT ON INDEX bookstore.request_claim_create_time_idx IS 'dataservice: INDEX (create_time)';
GRANT USAGE ON SCHEMA bookstore TO app;
GRANT SELECT, INSERT, UPDATE, DELETE ON bookstore.book TO app;
GRANT SELECT, INSERT, UPDATE, DELETE ON bookstore.review TO app;
GRANT SELECT, INSERT, DELETE ON bookstore.request_claim TO app;
GRANT USAGE ON SCHEMA bookstore TO reader;
GRANT SELECT ON bookstore.schema_history TO reader;
GRANT SELECT ON bookstore.book TO reader;
GRANT SELECT ON bookstore.review TO reader;
