-- Fills the empty tables: psql as superuser, with the variables
--   books, reviews   numbers of rows
--   row_bytes        size to which each book is extended; 0: no extension
-- A book's id is made of its number, so that a pgbench script can make it too:
-- twelve decimal digits that leap evenly over their whole range (multiples of
-- the golden ratio), then the digits that make it a UUID of version 4. Books
-- stand in the table in the order of their numbers, so neighbours by id are
-- far apart, as with random UUIDs.
\set ON_ERROR_STOP on
BEGIN;
-- The publisher is extended, which has no index. It is longer than the contract permits,
-- and stored without compression, which would depend on the text.
SELECT :row_bytes > 0 AS is_extended \gset
\if :is_extended
ALTER TABLE bookstore.book
  ALTER COLUMN publisher TYPE text COLLATE "C",
  ALTER COLUMN publisher SET STORAGE EXTERNAL;
\endif

-- The rows refer to each other by construction; checking each would take most
-- of the time.
SET LOCAL session_replication_role = replica;

CREATE OR REPLACE FUNCTION pg_temp.book_id(number bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
  SELECT ((100000000000 + number * 618033988747 % 900000000000) || '40008000000000000000')::uuid
$$;

INSERT INTO bookstore.book (id, title, author, publisher, year, create_time, update_time)
SELECT pg_temp.book_id(i),
       'The Chronicle of Number ' || i,
       'Author ' || i * 7919 % 50000 || ' Surname',
       'House ' || i % 1000 || ' and Sons' || repeat('.', :row_bytes - 150),
       1500 + i % 525,
       timestamptz '2020-01-01 00:00:00Z' + i * interval '1 second 1 microsecond',
       timestamptz '2020-01-01 00:00:00Z' + i * interval '1 second 1 microsecond'
FROM generate_series(1, :books::bigint) AS i;

-- The same reviews each time.
SELECT setseed(0.5);
INSERT INTO bookstore.review (id, book_id, reviewer, rate, review, create_time, update_time)
SELECT gen_random_uuid(),
       pg_temp.book_id(1 + floor(random() * :books)::bigint),
       'Reader ' || i % 100000,
       1 + i % 5,
       CASE WHEN i % 4 > 0 THEN 'What reader ' || i || ' thought of it, in a sentence of some length.' END,
       timestamptz '2020-01-01 00:00:00Z' + i * interval '1 second 1 microsecond',
       timestamptz '2020-01-01 00:00:00Z' + i * interval '1 second 1 microsecond'
FROM generate_series(1, :reviews::bigint) AS i;
COMMIT;
