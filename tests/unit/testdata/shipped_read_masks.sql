-- get of one column bookstore.v1.Book
/* Get bookstore.v1.Book */ SELECT t.id, t.year FROM bookstore.book AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]);

-- get of the etag bookstore.v1.Book
/* Get bookstore.v1.Book */ SELECT t.id, encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.book AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]);

-- page of one column by another bookstore.v1.Book
/* List bookstore.v1.Book */ SELECT t.id, t.year FROM bookstore.book AS t ORDER BY t.year DESC, t.id LIMIT $1::bigint;

-- get of all that is computed bookstore.v1.Book
/* Get bookstore.v1.Book */ SELECT t.id, "computed 0", encode(float8send("computed 1"), 'hex') FROM bookstore.book AS t LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0", avg(s.rate)::double precision AS "computed 1" FROM bookstore.review AS s WHERE s.book_id = t.id) AS g0 ON true WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]);

-- page of one computed field bookstore.v1.Book
/* List bookstore.v1.Book */ SELECT t.id, t.year, "computed 0" FROM (SELECT t.* FROM bookstore.book AS t WHERE (t.year, t.id) > ($1::integer, $2::uuid) ORDER BY t.year, t.id LIMIT $3::bigint) AS t LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0" FROM bookstore.review AS s WHERE s.book_id = t.id) AS g0 ON true ORDER BY t.year, t.id;

-- counted page of one computed field bookstore.v1.Book
/* List bookstore.v1.Book */ SELECT n.total, t.id, "computed 0" FROM (SELECT count(*) AS total FROM bookstore.book AS t) AS n LEFT JOIN (SELECT t.* FROM bookstore.book AS t ORDER BY t.id LIMIT $1::bigint) AS t ON true LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0" FROM bookstore.review AS s WHERE s.book_id = t.id) AS g0 ON true ORDER BY t.id;

-- get of one column bookstore.v1.Review
/* Get bookstore.v1.Review */ SELECT t.id, t.review FROM bookstore.review AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]);

-- get of the etag bookstore.v1.Review
/* Get bookstore.v1.Review */ SELECT t.id, encode(timestamptz_send(t.update_time), 'hex') FROM bookstore.review AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]);

-- page of one column by another bookstore.v1.Review
/* List bookstore.v1.Review */ SELECT t.id, t.review FROM bookstore.review AS t ORDER BY t.review DESC, t.id LIMIT $1::bigint;

