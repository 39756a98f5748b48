-- Takes away what cases have written, brings the tables into the state in which
-- every case finds them, and into memory. psql as superuser. What load.sql
-- stored is older than 2021; a changed year stays changed.
\set ON_ERROR_STOP on
BEGIN;
-- No cascade for each book: new books have no old reviews.
SET LOCAL session_replication_role = replica;
DELETE FROM bookstore.review WHERE create_time > '2021-01-01';
DELETE FROM bookstore.book WHERE create_time > '2021-01-01';
COMMIT;
VACUUM (ANALYZE) bookstore.book;
VACUUM (ANALYZE) bookstore.review;
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_prewarm;
SELECT sum(pg_prewarm(c.oid))
FROM pg_class AS c
WHERE c.relnamespace IN ('bookstore'::regnamespace, 'pg_toast'::regnamespace)
  AND c.relkind IN ('r', 'i', 't') \g /dev/null
CHECKPOINT;
