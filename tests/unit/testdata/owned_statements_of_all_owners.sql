/* Get owned.v1.Folder */ SELECT t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM owned.folder AS t WHERE t.code = ANY((SELECT $1::text[])::text[]);

/* List owned.v1.Folder */ SELECT r.n, t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM unnest((SELECT $1::bigint[])) WITH ORDINALITY AS r(c1, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.folder AS t ORDER BY t.owner, t.code LIMIT 101) AS t LIMIT r.c1) AS t;

/* List owned.v1.Folder */ SELECT t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM owned.folder AS t WHERE (t.size, t.code, t.owner) > ($1::integer, $2::text, $3::text) ORDER BY t.size, t.code, t.owner LIMIT $4::bigint;

/* Export owned.v1.Folder */ SELECT t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.owner, t.code ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.code), 0) + coalesce(octet_length(t.owner), 0) + coalesce(octet_length(t.slug), 0) AS "row bytes" FROM owned.folder AS t ORDER BY t.owner, t.code LIMIT $1::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.owner, t.code;

/* Export owned.v1.Folder */ SELECT t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.owner, t.code ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.code), 0) + coalesce(octet_length(t.owner), 0) + coalesce(octet_length(t.slug), 0) AS "row bytes" FROM owned.folder AS t WHERE (t.owner, t.code) > ($1::text, $2::text) ORDER BY t.owner, t.code LIMIT $3::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.owner, t.code;

