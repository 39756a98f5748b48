-- get bookstore.v1.Book
/* Get bookstore.v1.Book */ SELECT t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.book AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]);

-- first page bookstore.v1.Book
/* List bookstore.v1.Book */ SELECT t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.book AS t ORDER BY t.id LIMIT $1::bigint;

-- first pages bookstore.v1.Book
/* List bookstore.v1.Book */ SELECT r.n, t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM unnest((SELECT $1::bigint[])) WITH ORDINALITY AS r(c1, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM bookstore.book AS t ORDER BY t.id LIMIT 101) AS t LIMIT r.c1) AS t;

-- pages downwards bookstore.v1.Book
/* List bookstore.v1.Book */ SELECT r.n, t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM unnest((SELECT $1::integer[]), $2::uuid[], $3::bigint[]) WITH ORDINALITY AS r(c1, c2, c3, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM bookstore.book AS t WHERE (t.year, t.id) < (r.c1, r.c2) ORDER BY t.year DESC, t.id DESC LIMIT 101) AS t LIMIT r.c3) AS t;

-- page of some bookstore.v1.Book
/* List bookstore.v1.Book */ SELECT t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.book AS t WHERE t.id > $1::uuid AND t.year = $2::integer ORDER BY t.id LIMIT $3::bigint;

-- counted page in two directions bookstore.v1.Book
/* List bookstore.v1.Book */ SELECT n.total, t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM (SELECT count(*) AS total FROM bookstore.book AS t WHERE t.year = $3::integer) AS n LEFT JOIN (SELECT t.* FROM bookstore.book AS t WHERE t.year <= $1::integer AND (t.year < $1::integer OR t.year = $1::integer AND t.id > $2::uuid) AND t.year = $3::integer ORDER BY t.year DESC, t.id LIMIT $4::bigint) AS t ON true ORDER BY t.year DESC, t.id;

-- page in one direction, downwards bookstore.v1.Book
/* List bookstore.v1.Book */ SELECT t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.book AS t WHERE (t.year, t.id) < ($1::integer, $2::uuid) ORDER BY t.year DESC, t.id DESC LIMIT $3::bigint;

-- page after NULL bookstore.v1.Book
/* List bookstore.v1.Book */ SELECT t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.book AS t WHERE (false OR t.year IS NULL AND t.id > $1::uuid) ORDER BY t.year, t.id LIMIT $2::bigint;

-- create bookstore.v1.Book
/* Create bookstore.v1.Book */ INSERT INTO bookstore.book AS t (id, title, author, publisher, year, create_time, update_time) SELECT r.c1, r.c2, r.c3, r.c4, r.c5, c.now, c.now FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[]) AS r(c1, c2, c3, c4, c5) CROSS JOIN (SELECT clock_timestamp() AS now) AS c ON CONFLICT (id) DO NOTHING RETURNING t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex');

-- upsert bookstore.v1.Book
/* Upsert bookstore.v1.Book */ INSERT INTO bookstore.book AS t (id, title, author, publisher, year, create_time, update_time) SELECT r.c1, r.c2, r.c3, r.c4, r.c5, c.now, c.now FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[]) AS r(c1, c2, c3, c4, c5) CROSS JOIN (SELECT clock_timestamp() AS now) AS c ON CONFLICT (id) DO UPDATE SET title = excluded.title, author = excluded.author, publisher = excluded.publisher, year = excluded.year, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') RETURNING t.id, (t.xmax = 0), t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex');

-- upsert that changes one bookstore.v1.Book
/* Upsert bookstore.v1.Book */ INSERT INTO bookstore.book AS t (id, title, author, publisher, year, create_time, update_time) SELECT r.c1, r.c2, r.c3, r.c4, r.c5, c.now, c.now FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[]) AS r(c1, c2, c3, c4, c5) CROSS JOIN (SELECT clock_timestamp() AS now) AS c ON CONFLICT (id) DO UPDATE SET title = excluded.title, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') RETURNING t.id, (t.xmax = 0), t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex');

-- update of one bookstore.v1.Book
/* Update bookstore.v1.Book */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS r(c1, c2, c3)), l AS MATERIALIZED (SELECT t.id AS key, t.update_time AS version FROM bookstore.book AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]) ORDER BY t.id FOR NO KEY UPDATE), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT (r.c2 = '{}' OR l.version = ANY (r.c2::timestamptz[])) THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1), u AS (UPDATE bookstore.book AS t SET title = r.c3, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') FROM v AS r WHERE t.id = r.c1 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, u.id, u.title, u.author, u.publisher, u.year, encode(timestamptz_send(u.create_time), 'hex'), encode(timestamptz_send(u.update_time), 'hex') FROM v LEFT JOIN u ON u.id = v.c1;

-- update of all bookstore.v1.Book
/* Update bookstore.v1.Book */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[]) AS r(c1, c2, c3, c4, c5, c6)), l AS MATERIALIZED (SELECT t.id AS key, t.update_time AS version FROM bookstore.book AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]) ORDER BY t.id FOR NO KEY UPDATE), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT (r.c2 = '{}' OR l.version = ANY (r.c2::timestamptz[])) THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1), u AS (UPDATE bookstore.book AS t SET title = r.c3, author = r.c4, publisher = r.c5, year = r.c6, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') FROM v AS r WHERE t.id = r.c1 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, u.id, u.title, u.author, u.publisher, u.year, encode(timestamptz_send(u.create_time), 'hex'), encode(timestamptz_send(u.update_time), 'hex') FROM v LEFT JOIN u ON u.id = v.c1;

-- update of none bookstore.v1.Book
/* Update bookstore.v1.Book */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[]) AS r(c1, c2)), l AS MATERIALIZED (SELECT t.id AS key, t.update_time AS version FROM bookstore.book AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]) ORDER BY t.id FOR NO KEY UPDATE), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT (r.c2 = '{}' OR l.version = ANY (r.c2::timestamptz[])) THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1), u AS (UPDATE bookstore.book AS t SET id = t.id FROM v AS r WHERE t.id = r.c1 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, u.id, u.title, u.author, u.publisher, u.year, encode(timestamptz_send(u.create_time), 'hex'), encode(timestamptz_send(u.update_time), 'hex') FROM v LEFT JOIN u ON u.id = v.c1;

-- delete bookstore.v1.Book
/* Delete bookstore.v1.Book */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[]) AS r(c1, c2)), l AS MATERIALIZED (SELECT t.id AS key, t.update_time AS version FROM bookstore.book AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]) ORDER BY t.id FOR UPDATE), v AS MATERIALIZED (SELECT r.c1, CASE WHEN (r.c2 = '{}' OR l.version = ANY (r.c2::timestamptz[])) THEN 'ok' ELSE 'etag' END AS verdict FROM r JOIN l ON l.key = r.c1), d AS (DELETE FROM bookstore.book AS t USING v WHERE t.id = v.c1 AND v.verdict = 'ok') SELECT v.c1, v.verdict FROM v;

-- lock bookstore.v1.Book
/* Lock bookstore.v1.Book */ SELECT t.id AS key FROM bookstore.book AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]) ORDER BY t.id FOR NO KEY UPDATE;

-- first page of an export bookstore.v1.Book
/* Export bookstore.v1.Book */ SELECT t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.id ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.title), 0) + coalesce(octet_length(t.author), 0) + coalesce(octet_length(t.publisher), 0) AS "row bytes" FROM bookstore.book AS t ORDER BY t.id LIMIT $1::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.id;

-- page of an export bookstore.v1.Book
/* Export bookstore.v1.Book */ SELECT t.id, t.title, t.author, t.publisher, t.year, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.id ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.title), 0) + coalesce(octet_length(t.author), 0) + coalesce(octet_length(t.publisher), 0) AS "row bytes" FROM bookstore.book AS t WHERE t.id > $1::uuid ORDER BY t.id LIMIT $2::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.id;

-- get bookstore.v1.Review
/* Get bookstore.v1.Review */ SELECT t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.review AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]);

-- first page bookstore.v1.Review
/* List bookstore.v1.Review */ SELECT t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.review AS t ORDER BY t.id LIMIT $1::bigint;

-- first pages bookstore.v1.Review
/* List bookstore.v1.Review */ SELECT r.n, t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM unnest((SELECT $1::bigint[])) WITH ORDINALITY AS r(c1, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM bookstore.review AS t ORDER BY t.id LIMIT 101) AS t LIMIT r.c1) AS t;

-- pages downwards bookstore.v1.Review
/* List bookstore.v1.Review */ SELECT r.n, t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM unnest((SELECT $1::text[]), $2::uuid[], $3::bigint[]) WITH ORDINALITY AS r(c1, c2, c3, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM bookstore.review AS t WHERE (t.review < r.c1 OR t.review = r.c1 AND t.id < r.c2) ORDER BY t.review DESC, t.id DESC LIMIT 101) AS t LIMIT r.c3) AS t;

-- page of some bookstore.v1.Review
/* List bookstore.v1.Review */ SELECT t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.review AS t WHERE t.id > $1::uuid AND t.review = $2::text ORDER BY t.id LIMIT $3::bigint;

-- first pages of parents bookstore.v1.Review
/* List bookstore.v1.Review */ SELECT r.n, t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM unnest((SELECT $1::uuid[]), $2::bigint[]) WITH ORDINALITY AS r(c1, c2, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM bookstore.review AS t WHERE t.book_id = r.c1 ORDER BY t.review DESC, t.id LIMIT 101) AS t LIMIT r.c2) AS t;

-- pages of parents, after NULL bookstore.v1.Review
/* List bookstore.v1.Review */ SELECT r.n, t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM unnest((SELECT $1::uuid[]), $2::uuid[], $3::bigint[]) WITH ORDINALITY AS r(c1, c2, c3, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM bookstore.review AS t WHERE (false OR t.review IS NULL AND t.id > r.c1) AND t.book_id = r.c2 ORDER BY t.review, t.id LIMIT 1001) AS t LIMIT r.c3) AS t;

-- counted page in two directions bookstore.v1.Review
/* List bookstore.v1.Review */ SELECT n.total, t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM (SELECT count(*) AS total FROM bookstore.review AS t WHERE t.review = $3::text) AS n LEFT JOIN (SELECT t.* FROM bookstore.review AS t WHERE (t.review < $1::text OR t.review = $1::text AND t.id > $2::uuid) AND t.review = $3::text ORDER BY t.review DESC, t.id LIMIT $4::bigint) AS t ON true ORDER BY t.review DESC, t.id;

-- page in one direction, downwards bookstore.v1.Review
/* List bookstore.v1.Review */ SELECT t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.review AS t WHERE (t.review < $1::text OR t.review = $1::text AND t.id < $2::uuid) ORDER BY t.review DESC, t.id DESC LIMIT $3::bigint;

-- page after NULL bookstore.v1.Review
/* List bookstore.v1.Review */ SELECT t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.review AS t WHERE (false OR t.review IS NULL AND t.id > $1::uuid) ORDER BY t.review, t.id LIMIT $2::bigint;

-- create bookstore.v1.Review
/* Create bookstore.v1.Review */ INSERT INTO bookstore.review AS t (id, book_id, reviewer, rate, review, create_time, update_time) SELECT r.c1, r.c2, r.c3, r.c4, CASE WHEN starts_with(r.c5, '~') THEN nullif(substr(r.c5, 2), '') ELSE r.c5 END, c.now, c.now FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::text[]) AS r(c1, c2, c3, c4, c5) CROSS JOIN (SELECT clock_timestamp() AS now) AS c ON CONFLICT (id) DO NOTHING RETURNING t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex');

-- upsert bookstore.v1.Review
/* Upsert bookstore.v1.Review */ INSERT INTO bookstore.review AS t (id, book_id, reviewer, rate, review, create_time, update_time) SELECT r.c1, r.c2, r.c3, r.c4, CASE WHEN starts_with(r.c5, '~') THEN nullif(substr(r.c5, 2), '') ELSE r.c5 END, c.now, c.now FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::text[]) AS r(c1, c2, c3, c4, c5) CROSS JOIN (SELECT clock_timestamp() AS now) AS c ON CONFLICT (id) DO UPDATE SET book_id = excluded.book_id, reviewer = excluded.reviewer, rate = excluded.rate, review = excluded.review, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') RETURNING t.id, (t.xmax = 0), t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex');

-- upsert that changes one bookstore.v1.Review
/* Upsert bookstore.v1.Review */ INSERT INTO bookstore.review AS t (id, book_id, reviewer, rate, review, create_time, update_time) SELECT r.c1, r.c2, r.c3, r.c4, CASE WHEN starts_with(r.c5, '~') THEN nullif(substr(r.c5, 2), '') ELSE r.c5 END, c.now, c.now FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::text[]) AS r(c1, c2, c3, c4, c5) CROSS JOIN (SELECT clock_timestamp() AS now) AS c ON CONFLICT (id) DO UPDATE SET book_id = excluded.book_id, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') RETURNING t.id, (t.xmax = 0), t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex');

-- update of one bookstore.v1.Review
/* Update bookstore.v1.Review */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS r(c1, c2, c3)), l AS MATERIALIZED (SELECT t.id AS key, t.update_time AS version FROM bookstore.review AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]) ORDER BY t.id FOR NO KEY UPDATE), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT (r.c2 = '{}' OR l.version = ANY (r.c2::timestamptz[])) THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1), u AS (UPDATE bookstore.review AS t SET book_id = r.c3, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') FROM v AS r WHERE t.id = r.c1 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, u.id, u.book_id, u.reviewer, u.rate, u.review, encode(timestamptz_send(u.create_time), 'hex'), encode(timestamptz_send(u.update_time), 'hex') FROM v LEFT JOIN u ON u.id = v.c1;

-- update of all bookstore.v1.Review
/* Update bookstore.v1.Review */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::integer[], $6::text[]) AS r(c1, c2, c3, c4, c5, c6)), l AS MATERIALIZED (SELECT t.id AS key, t.update_time AS version FROM bookstore.review AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]) ORDER BY t.id FOR NO KEY UPDATE), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT (r.c2 = '{}' OR l.version = ANY (r.c2::timestamptz[])) THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1), u AS (UPDATE bookstore.review AS t SET book_id = r.c3, reviewer = r.c4, rate = r.c5, review = CASE WHEN starts_with(r.c6, '~') THEN nullif(substr(r.c6, 2), '') ELSE r.c6 END, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') FROM v AS r WHERE t.id = r.c1 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, u.id, u.book_id, u.reviewer, u.rate, u.review, encode(timestamptz_send(u.create_time), 'hex'), encode(timestamptz_send(u.update_time), 'hex') FROM v LEFT JOIN u ON u.id = v.c1;

-- update of none bookstore.v1.Review
/* Update bookstore.v1.Review */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[]) AS r(c1, c2)), l AS MATERIALIZED (SELECT t.id AS key, t.update_time AS version FROM bookstore.review AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]) ORDER BY t.id FOR NO KEY UPDATE), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT (r.c2 = '{}' OR l.version = ANY (r.c2::timestamptz[])) THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1), u AS (UPDATE bookstore.review AS t SET id = t.id FROM v AS r WHERE t.id = r.c1 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, u.id, u.book_id, u.reviewer, u.rate, u.review, encode(timestamptz_send(u.create_time), 'hex'), encode(timestamptz_send(u.update_time), 'hex') FROM v LEFT JOIN u ON u.id = v.c1;

-- delete bookstore.v1.Review
/* Delete bookstore.v1.Review */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[]) AS r(c1, c2)), l AS MATERIALIZED (SELECT t.id AS key, t.update_time AS version FROM bookstore.review AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]) ORDER BY t.id FOR UPDATE), v AS MATERIALIZED (SELECT r.c1, CASE WHEN (r.c2 = '{}' OR l.version = ANY (r.c2::timestamptz[])) THEN 'ok' ELSE 'etag' END AS verdict FROM r JOIN l ON l.key = r.c1), d AS (DELETE FROM bookstore.review AS t USING v WHERE t.id = v.c1 AND v.verdict = 'ok') SELECT v.c1, v.verdict FROM v;

-- lock bookstore.v1.Review
/* Lock bookstore.v1.Review */ SELECT t.id AS key FROM bookstore.review AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]) ORDER BY t.id FOR NO KEY UPDATE;

-- first page of an export bookstore.v1.Review
/* Export bookstore.v1.Review */ SELECT t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.id ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.reviewer), 0) + coalesce(octet_length(t.review), 0) AS "row bytes" FROM bookstore.review AS t ORDER BY t.id LIMIT $1::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.id;

-- page of an export bookstore.v1.Review
/* Export bookstore.v1.Review */ SELECT t.id, t.book_id, t.reviewer, t.rate, t.review, encode(timestamptz_send(t.create_time), 'hex'), encode(timestamptz_send(t.update_time), 'hex') FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.id ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.reviewer), 0) + coalesce(octet_length(t.review), 0) AS "row bytes" FROM bookstore.review AS t WHERE t.id > $1::uuid ORDER BY t.id LIMIT $2::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.id;

