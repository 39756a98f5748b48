-- get owned.v1.Folder
/* Get owned.v1.Folder */ SELECT t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.folder AS t ON t.code = k.c1 AND t.owner = k.c2;

-- first page owned.v1.Folder
/* List owned.v1.Folder */ SELECT t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM owned.folder AS t WHERE t.owner = $1::text ORDER BY t.code LIMIT $2::bigint;

-- first pages owned.v1.Folder
/* List owned.v1.Folder */ SELECT r.n, t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM unnest((SELECT $1::text[]), $2::bigint[]) WITH ORDINALITY AS r(c1, c2, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.folder AS t WHERE t.owner = r.c1 ORDER BY t.code LIMIT 101) AS t LIMIT r.c2) AS t;

-- pages downwards owned.v1.Folder
/* List owned.v1.Folder */ SELECT r.n, t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM unnest((SELECT $1::integer[]), $2::text[], $3::text[], $4::bigint[]) WITH ORDINALITY AS r(c1, c2, c3, c4, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.folder AS t WHERE (t.size, t.code) < (r.c1, r.c2) AND t.owner = r.c3 ORDER BY t.size DESC, t.code DESC LIMIT 101) AS t LIMIT r.c4) AS t;

-- page of some owned.v1.Folder
/* List owned.v1.Folder */ SELECT t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM owned.folder AS t WHERE t.code > $1::text AND t.owner = $2::text AND t.size = $3::integer ORDER BY t.code LIMIT $4::bigint;

-- counted page in two directions owned.v1.Folder
/* List owned.v1.Folder */ SELECT n.total, t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM (SELECT count(*) AS total FROM owned.folder AS t WHERE t.owner = $3::text AND t.size = $4::integer) AS n LEFT JOIN (SELECT t.* FROM owned.folder AS t WHERE t.size <= $1::integer AND (t.size < $1::integer OR t.size = $1::integer AND t.code > $2::text) AND t.owner = $3::text AND t.size = $4::integer ORDER BY t.size DESC, t.code LIMIT $5::bigint) AS t ON true ORDER BY t.size DESC, t.code;

-- page in one direction, downwards owned.v1.Folder
/* List owned.v1.Folder */ SELECT t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM owned.folder AS t WHERE (t.size, t.code) < ($1::integer, $2::text) AND t.owner = $3::text ORDER BY t.size DESC, t.code DESC LIMIT $4::bigint;

-- page after NULL owned.v1.Folder
/* List owned.v1.Folder */ SELECT t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM owned.folder AS t WHERE (false OR t.size IS NULL AND t.code > $1::text) AND t.owner = $2::text ORDER BY t.size, t.code LIMIT $3::bigint;

-- create owned.v1.Folder
/* Create owned.v1.Folder */ INSERT INTO owned.folder AS t (code, owner, slug, size, update_time) SELECT r.c1, r.c2, CASE WHEN starts_with(r.c3, '~') THEN nullif(substr(r.c3, 2), '') ELSE r.c3 END, r.c4, c.now FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[]) AS r(c1, c2, c3, c4) CROSS JOIN (SELECT clock_timestamp() AS now) AS c ON CONFLICT (owner, code) DO NOTHING RETURNING t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex');

-- upsert owned.v1.Folder
/* Upsert owned.v1.Folder */ INSERT INTO owned.folder AS t (code, owner, slug, size, update_time) SELECT r.c1, r.c2, CASE WHEN starts_with(r.c3, '~') THEN nullif(substr(r.c3, 2), '') ELSE r.c3 END, r.c4, c.now FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[]) AS r(c1, c2, c3, c4) CROSS JOIN (SELECT clock_timestamp() AS now) AS c ON CONFLICT (owner, code) DO UPDATE SET slug = excluded.slug, size = excluded.size, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') RETURNING t.code, t.owner, (t.xmax = 0), t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex');

-- upsert that changes one owned.v1.Folder
/* Upsert owned.v1.Folder */ INSERT INTO owned.folder AS t (code, owner, slug, size, update_time) SELECT r.c1, r.c2, CASE WHEN starts_with(r.c3, '~') THEN nullif(substr(r.c3, 2), '') ELSE r.c3 END, r.c4, c.now FROM unnest($1::text[], $2::text[], $3::text[], $4::integer[]) AS r(c1, c2, c3, c4) CROSS JOIN (SELECT clock_timestamp() AS now) AS c ON CONFLICT (owner, code) DO UPDATE SET slug = excluded.slug, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') RETURNING t.code, t.owner, (t.xmax = 0), t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex');

-- update of one owned.v1.Folder
/* Update owned.v1.Folder */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS r(c1, c2, c3, c4)), l AS MATERIALIZED (SELECT t.code AS key, t.owner AS owner, t.update_time AS version FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.folder AS t ON t.code = k.c1 AND t.owner = k.c2 ORDER BY t.code, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT (r.c3 = '{}' OR l.version = ANY (r.c3::timestamptz[])) THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.folder AS t SET slug = CASE WHEN starts_with(r.c4, '~') THEN nullif(substr(r.c4, 2), '') ELSE r.c4 END, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') FROM v AS r WHERE t.code = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.code, u.owner, u.slug, u.size, encode(timestamptz_send(u.update_time), 'hex') FROM v LEFT JOIN u ON u.code = v.c1 AND u.owner = v.c2;

-- update of all owned.v1.Folder
/* Update owned.v1.Folder */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[]) AS r(c1, c2, c3, c4, c5)), l AS MATERIALIZED (SELECT t.code AS key, t.owner AS owner, t.update_time AS version FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.folder AS t ON t.code = k.c1 AND t.owner = k.c2 ORDER BY t.code, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT (r.c3 = '{}' OR l.version = ANY (r.c3::timestamptz[])) THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.folder AS t SET slug = CASE WHEN starts_with(r.c4, '~') THEN nullif(substr(r.c4, 2), '') ELSE r.c4 END, size = r.c5, update_time = greatest(clock_timestamp(), t.update_time + interval '1 microsecond') FROM v AS r WHERE t.code = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.code, u.owner, u.slug, u.size, encode(timestamptz_send(u.update_time), 'hex') FROM v LEFT JOIN u ON u.code = v.c1 AND u.owner = v.c2;

-- update of none owned.v1.Folder
/* Update owned.v1.Folder */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS r(c1, c2, c3)), l AS MATERIALIZED (SELECT t.code AS key, t.owner AS owner, t.update_time AS version FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.folder AS t ON t.code = k.c1 AND t.owner = k.c2 ORDER BY t.code, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT (r.c3 = '{}' OR l.version = ANY (r.c3::timestamptz[])) THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.folder AS t SET code = t.code FROM v AS r WHERE t.code = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.code, u.owner, u.slug, u.size, encode(timestamptz_send(u.update_time), 'hex') FROM v LEFT JOIN u ON u.code = v.c1 AND u.owner = v.c2;

-- delete owned.v1.Folder
/* Delete owned.v1.Folder */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS r(c1, c2, c3)), l AS MATERIALIZED (SELECT t.code AS key, t.owner AS owner, t.update_time AS version FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.folder AS t ON t.code = k.c1 AND t.owner = k.c2 ORDER BY t.code, t.owner FOR UPDATE OF t), v AS MATERIALIZED (SELECT r.c1, r.c2, CASE WHEN (r.c3 = '{}' OR l.version = ANY (r.c3::timestamptz[])) THEN 'ok' ELSE 'etag' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), d AS (DELETE FROM owned.folder AS t USING v WHERE t.code = v.c1 AND t.owner = v.c2 AND v.verdict = 'ok') SELECT v.c1, v.verdict, v.c2 FROM v;

-- lock owned.v1.Folder
/* Lock owned.v1.Folder */ SELECT t.code AS key, t.owner AS owner FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.folder AS t ON t.code = k.c1 AND t.owner = k.c2 ORDER BY t.code, t.owner FOR NO KEY UPDATE OF t;

-- first page of an export owned.v1.Folder
/* Export owned.v1.Folder */ SELECT t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.code ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.code), 0) + coalesce(octet_length(t.owner), 0) + coalesce(octet_length(t.slug), 0) AS "row bytes" FROM owned.folder AS t WHERE t.owner = $1::text ORDER BY t.code LIMIT $2::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.code;

-- page of an export owned.v1.Folder
/* Export owned.v1.Folder */ SELECT t.code, t.owner, t.slug, t.size, encode(timestamptz_send(t.update_time), 'hex') FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.code ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.code), 0) + coalesce(octet_length(t.owner), 0) + coalesce(octet_length(t.slug), 0) AS "row bytes" FROM owned.folder AS t WHERE t.code > $1::text AND t.owner = $2::text ORDER BY t.code LIMIT $3::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.code;

-- get owned.v1.Note
/* Get owned.v1.Note */ SELECT t.id, t.folder_code, t.owner, t.text FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.note AS t ON t.id = k.c1 AND t.owner = k.c2;

-- first page owned.v1.Note
/* List owned.v1.Note */ SELECT t.id, t.folder_code, t.owner, t.text FROM owned.note AS t WHERE t.owner = $1::text ORDER BY t.id LIMIT $2::bigint;

-- first pages owned.v1.Note
/* List owned.v1.Note */ SELECT r.n, t.id, t.folder_code, t.owner, t.text FROM unnest((SELECT $1::text[]), $2::bigint[]) WITH ORDINALITY AS r(c1, c2, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.note AS t WHERE t.owner = r.c1 ORDER BY t.id LIMIT 101) AS t LIMIT r.c2) AS t;

-- pages downwards owned.v1.Note
/* List owned.v1.Note */ SELECT r.n, t.id, t.folder_code, t.owner, t.text FROM unnest((SELECT $1::text[]), $2::uuid[], $3::text[], $4::bigint[]) WITH ORDINALITY AS r(c1, c2, c3, c4, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.note AS t WHERE (t.text, t.id) < (r.c1, r.c2) AND t.owner = r.c3 ORDER BY t.text DESC, t.id DESC LIMIT 101) AS t LIMIT r.c4) AS t;

-- page of some owned.v1.Note
/* List owned.v1.Note */ SELECT t.id, t.folder_code, t.owner, t.text FROM owned.note AS t WHERE t.id > $1::uuid AND t.owner = $2::text AND t.text = $3::text ORDER BY t.id LIMIT $4::bigint;

-- first pages of parents owned.v1.Note
/* List owned.v1.Note */ SELECT r.n, t.id, t.folder_code, t.owner, t.text FROM unnest((SELECT $1::text[]), $2::text[], $3::bigint[]) WITH ORDINALITY AS r(c1, c2, c3, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.note AS t WHERE t.owner = r.c1 AND t.folder_code = r.c2 ORDER BY t.text DESC, t.id LIMIT 101) AS t LIMIT r.c3) AS t;

-- pages of parents, after NULL owned.v1.Note
/* List owned.v1.Note */ SELECT r.n, t.id, t.folder_code, t.owner, t.text FROM unnest((SELECT $1::uuid[]), $2::text[], $3::text[], $4::bigint[]) WITH ORDINALITY AS r(c1, c2, c3, c4, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.note AS t WHERE (false OR t.text IS NULL AND t.id > r.c1) AND t.owner = r.c2 AND t.folder_code = r.c3 ORDER BY t.text, t.id LIMIT 1001) AS t LIMIT r.c4) AS t;

-- counted page in two directions owned.v1.Note
/* List owned.v1.Note */ SELECT n.total, t.id, t.folder_code, t.owner, t.text FROM (SELECT count(*) AS total FROM owned.note AS t WHERE t.owner = $3::text AND t.text = $4::text) AS n LEFT JOIN (SELECT t.* FROM owned.note AS t WHERE t.text <= $1::text AND (t.text < $1::text OR t.text = $1::text AND t.id > $2::uuid) AND t.owner = $3::text AND t.text = $4::text ORDER BY t.text DESC, t.id LIMIT $5::bigint) AS t ON true ORDER BY t.text DESC, t.id;

-- page in one direction, downwards owned.v1.Note
/* List owned.v1.Note */ SELECT t.id, t.folder_code, t.owner, t.text FROM owned.note AS t WHERE (t.text, t.id) < ($1::text, $2::uuid) AND t.owner = $3::text ORDER BY t.text DESC, t.id DESC LIMIT $4::bigint;

-- page after NULL owned.v1.Note
/* List owned.v1.Note */ SELECT t.id, t.folder_code, t.owner, t.text FROM owned.note AS t WHERE (false OR t.text IS NULL AND t.id > $1::uuid) AND t.owner = $2::text ORDER BY t.text, t.id LIMIT $3::bigint;

-- create owned.v1.Note
/* Create owned.v1.Note */ INSERT INTO owned.note AS t (id, owner, folder_code, text) SELECT r.c1, r.c2, r.c3, r.c4 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS r(c1, c2, c3, c4) ON CONFLICT (owner, id) DO NOTHING RETURNING t.id, t.folder_code, t.owner, t.text;

-- upsert owned.v1.Note
/* Upsert owned.v1.Note */ INSERT INTO owned.note AS t (id, owner, folder_code, text) SELECT r.c1, r.c2, r.c3, r.c4 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS r(c1, c2, c3, c4) ON CONFLICT (owner, id) DO UPDATE SET folder_code = excluded.folder_code, text = excluded.text RETURNING t.id, t.owner, (t.xmax = 0), t.id, t.folder_code, t.owner, t.text;

-- upsert that changes one owned.v1.Note
/* Upsert owned.v1.Note */ INSERT INTO owned.note AS t (id, owner, folder_code, text) SELECT r.c1, r.c2, r.c3, r.c4 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS r(c1, c2, c3, c4) ON CONFLICT (owner, id) DO UPDATE SET folder_code = excluded.folder_code RETURNING t.id, t.owner, (t.xmax = 0), t.id, t.folder_code, t.owner, t.text;

-- update of one owned.v1.Note
/* Update owned.v1.Note */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS r(c1, c2, c3)), l AS MATERIALIZED (SELECT t.id AS key, t.owner AS owner FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.note AS t ON t.id = k.c1 AND t.owner = k.c2 ORDER BY t.id, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT true THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.note AS t SET folder_code = r.c3 FROM v AS r WHERE t.id = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.id, u.folder_code, u.owner, u.text FROM v LEFT JOIN u ON u.id = v.c1 AND u.owner = v.c2;

-- update of all owned.v1.Note
/* Update owned.v1.Note */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS r(c1, c2, c3, c4)), l AS MATERIALIZED (SELECT t.id AS key, t.owner AS owner FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.note AS t ON t.id = k.c1 AND t.owner = k.c2 ORDER BY t.id, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT true THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.note AS t SET folder_code = r.c3, text = r.c4 FROM v AS r WHERE t.id = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.id, u.folder_code, u.owner, u.text FROM v LEFT JOIN u ON u.id = v.c1 AND u.owner = v.c2;

-- update of none owned.v1.Note
/* Update owned.v1.Note */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[]) AS r(c1, c2)), l AS MATERIALIZED (SELECT t.id AS key, t.owner AS owner FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.note AS t ON t.id = k.c1 AND t.owner = k.c2 ORDER BY t.id, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT true THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.note AS t SET id = t.id FROM v AS r WHERE t.id = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.id, u.folder_code, u.owner, u.text FROM v LEFT JOIN u ON u.id = v.c1 AND u.owner = v.c2;

-- delete owned.v1.Note
/* Delete owned.v1.Note */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[]) AS r(c1, c2)), l AS MATERIALIZED (SELECT t.id AS key, t.owner AS owner FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.note AS t ON t.id = k.c1 AND t.owner = k.c2 ORDER BY t.id, t.owner FOR UPDATE OF t), v AS MATERIALIZED (SELECT r.c1, r.c2, CASE WHEN true THEN 'ok' ELSE 'etag' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), d AS (DELETE FROM owned.note AS t USING v WHERE t.id = v.c1 AND t.owner = v.c2 AND v.verdict = 'ok') SELECT v.c1, v.verdict, v.c2 FROM v;

-- lock owned.v1.Note
/* Lock owned.v1.Note */ SELECT t.id AS key, t.owner AS owner FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.note AS t ON t.id = k.c1 AND t.owner = k.c2 ORDER BY t.id, t.owner FOR NO KEY UPDATE OF t;

-- first page of an export owned.v1.Note
/* Export owned.v1.Note */ SELECT t.id, t.folder_code, t.owner, t.text FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.id ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.folder_code), 0) + coalesce(octet_length(t.owner), 0) + coalesce(octet_length(t.text), 0) AS "row bytes" FROM owned.note AS t WHERE t.owner = $1::text ORDER BY t.id LIMIT $2::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.id;

-- page of an export owned.v1.Note
/* Export owned.v1.Note */ SELECT t.id, t.folder_code, t.owner, t.text FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.id ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.folder_code), 0) + coalesce(octet_length(t.owner), 0) + coalesce(octet_length(t.text), 0) AS "row bytes" FROM owned.note AS t WHERE t.id > $1::uuid AND t.owner = $2::text ORDER BY t.id LIMIT $3::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.id;

-- get owned.v1.Page
/* Get owned.v1.Page */ SELECT t.code, t.owner, t.address, t.title, t.size FROM owned.page AS t WHERE t.code = ANY((SELECT $1::text[])::text[]);

-- first page owned.v1.Page
/* List owned.v1.Page */ SELECT t.code, t.owner, t.address, t.title, t.size FROM owned.page AS t ORDER BY t.code LIMIT $1::bigint;

-- first pages owned.v1.Page
/* List owned.v1.Page */ SELECT r.n, t.code, t.owner, t.address, t.title, t.size FROM unnest((SELECT $1::bigint[])) WITH ORDINALITY AS r(c1, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.page AS t ORDER BY t.code LIMIT 101) AS t LIMIT r.c1) AS t;

-- pages downwards owned.v1.Page
/* List owned.v1.Page */ SELECT r.n, t.code, t.owner, t.address, t.title, t.size FROM unnest((SELECT $1::integer[]), $2::text[], $3::bigint[]) WITH ORDINALITY AS r(c1, c2, c3, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.page AS t WHERE (t.size, t.code) < (r.c1, r.c2) ORDER BY t.size DESC, t.code DESC LIMIT 101) AS t LIMIT r.c3) AS t;

-- page of some owned.v1.Page
/* List owned.v1.Page */ SELECT t.code, t.owner, t.address, t.title, t.size FROM owned.page AS t WHERE t.code > $1::text AND t.size = $2::integer ORDER BY t.code LIMIT $3::bigint;

-- counted page in two directions owned.v1.Page
/* List owned.v1.Page */ SELECT n.total, t.code, t.owner, t.address, t.title, t.size FROM (SELECT count(*) AS total FROM owned.page AS t WHERE t.size = $3::integer) AS n LEFT JOIN (SELECT t.* FROM owned.page AS t WHERE t.size <= $1::integer AND (t.size < $1::integer OR t.size = $1::integer AND t.code > $2::text) AND t.size = $3::integer ORDER BY t.size DESC, t.code LIMIT $4::bigint) AS t ON true ORDER BY t.size DESC, t.code;

-- page in one direction, downwards owned.v1.Page
/* List owned.v1.Page */ SELECT t.code, t.owner, t.address, t.title, t.size FROM owned.page AS t WHERE (t.size, t.code) < ($1::integer, $2::text) ORDER BY t.size DESC, t.code DESC LIMIT $3::bigint;

-- page after NULL owned.v1.Page
/* List owned.v1.Page */ SELECT t.code, t.owner, t.address, t.title, t.size FROM owned.page AS t WHERE (false OR t.size IS NULL AND t.code > $1::text) ORDER BY t.size, t.code LIMIT $2::bigint;

-- create owned.v1.Page
/* Create owned.v1.Page */ INSERT INTO owned.page AS t (code, owner, address, title, size) SELECT r.c1, r.c2, CASE WHEN starts_with(r.c3, '~') THEN nullif(substr(r.c3, 2), '') ELSE r.c3 END, CASE WHEN starts_with(r.c4, '~') THEN nullif(substr(r.c4, 2), '') ELSE r.c4 END, r.c5 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[]) AS r(c1, c2, c3, c4, c5) ON CONFLICT (code) DO NOTHING RETURNING t.code, t.owner, t.address, t.title, t.size;

-- upsert owned.v1.Page
/* Upsert owned.v1.Page */ INSERT INTO owned.page AS t (code, owner, address, title, size) SELECT r.c1, r.c2, CASE WHEN starts_with(r.c3, '~') THEN nullif(substr(r.c3, 2), '') ELSE r.c3 END, CASE WHEN starts_with(r.c4, '~') THEN nullif(substr(r.c4, 2), '') ELSE r.c4 END, r.c5 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[]) AS r(c1, c2, c3, c4, c5) ON CONFLICT (code) DO UPDATE SET address = excluded.address, title = excluded.title, size = excluded.size WHERE t.owner = excluded.owner RETURNING t.code, t.owner, (t.xmax = 0), t.code, t.owner, t.address, t.title, t.size;

-- upsert that changes one owned.v1.Page
/* Upsert owned.v1.Page */ INSERT INTO owned.page AS t (code, owner, address, title, size) SELECT r.c1, r.c2, CASE WHEN starts_with(r.c3, '~') THEN nullif(substr(r.c3, 2), '') ELSE r.c3 END, CASE WHEN starts_with(r.c4, '~') THEN nullif(substr(r.c4, 2), '') ELSE r.c4 END, r.c5 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[]) AS r(c1, c2, c3, c4, c5) ON CONFLICT (code) DO UPDATE SET address = excluded.address WHERE t.owner = excluded.owner RETURNING t.code, t.owner, (t.xmax = 0), t.code, t.owner, t.address, t.title, t.size;

-- update of one owned.v1.Page
/* Update owned.v1.Page */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS r(c1, c2, c3)), l AS MATERIALIZED (SELECT t.code AS key, t.owner AS owner FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.page AS t ON t.code = k.c1 AND t.owner = k.c2 ORDER BY t.code, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT true THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.page AS t SET address = CASE WHEN starts_with(r.c3, '~') THEN nullif(substr(r.c3, 2), '') ELSE r.c3 END FROM v AS r WHERE t.code = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.code, u.owner, u.address, u.title, u.size FROM v LEFT JOIN u ON u.code = v.c1 AND u.owner = v.c2;

-- update of all owned.v1.Page
/* Update owned.v1.Page */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::integer[]) AS r(c1, c2, c3, c4, c5)), l AS MATERIALIZED (SELECT t.code AS key, t.owner AS owner FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.page AS t ON t.code = k.c1 AND t.owner = k.c2 ORDER BY t.code, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT true THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.page AS t SET address = CASE WHEN starts_with(r.c3, '~') THEN nullif(substr(r.c3, 2), '') ELSE r.c3 END, title = CASE WHEN starts_with(r.c4, '~') THEN nullif(substr(r.c4, 2), '') ELSE r.c4 END, size = r.c5 FROM v AS r WHERE t.code = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.code, u.owner, u.address, u.title, u.size FROM v LEFT JOIN u ON u.code = v.c1 AND u.owner = v.c2;

-- update of none owned.v1.Page
/* Update owned.v1.Page */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[]) AS r(c1, c2)), l AS MATERIALIZED (SELECT t.code AS key, t.owner AS owner FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.page AS t ON t.code = k.c1 AND t.owner = k.c2 ORDER BY t.code, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT true THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.page AS t SET code = t.code FROM v AS r WHERE t.code = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.code, u.owner, u.address, u.title, u.size FROM v LEFT JOIN u ON u.code = v.c1 AND u.owner = v.c2;

-- delete owned.v1.Page
/* Delete owned.v1.Page */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[]) AS r(c1, c2)), l AS MATERIALIZED (SELECT t.code AS key, t.owner AS owner FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.page AS t ON t.code = k.c1 AND t.owner = k.c2 ORDER BY t.code, t.owner FOR UPDATE OF t), v AS MATERIALIZED (SELECT r.c1, r.c2, CASE WHEN true THEN 'ok' ELSE 'etag' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), d AS (DELETE FROM owned.page AS t USING v WHERE t.code = v.c1 AND t.owner = v.c2 AND v.verdict = 'ok') SELECT v.c1, v.verdict, v.c2 FROM v;

-- lock owned.v1.Page
/* Lock owned.v1.Page */ SELECT t.code AS key, t.owner AS owner FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.page AS t ON t.code = k.c1 AND t.owner = k.c2 ORDER BY t.code, t.owner FOR NO KEY UPDATE OF t;

-- first page of an export owned.v1.Page
/* Export owned.v1.Page */ SELECT t.code, t.owner, t.address, t.title, t.size FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.code ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.code), 0) + coalesce(octet_length(t.owner), 0) + coalesce(octet_length(t.address), 0) + coalesce(octet_length(t.title), 0) AS "row bytes" FROM owned.page AS t ORDER BY t.code LIMIT $1::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.code;

-- page of an export owned.v1.Page
/* Export owned.v1.Page */ SELECT t.code, t.owner, t.address, t.title, t.size FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.code ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.code), 0) + coalesce(octet_length(t.owner), 0) + coalesce(octet_length(t.address), 0) + coalesce(octet_length(t.title), 0) AS "row bytes" FROM owned.page AS t WHERE t.code > $1::text ORDER BY t.code LIMIT $2::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.code;

-- get owned.v1.Comment
/* Get owned.v1.Comment */ SELECT t.id, t.page_code, t.owner FROM owned.comment AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]);

-- first page owned.v1.Comment
/* List owned.v1.Comment */ SELECT t.id, t.page_code, t.owner FROM owned.comment AS t ORDER BY t.id LIMIT $1::bigint;

-- first pages owned.v1.Comment
/* List owned.v1.Comment */ SELECT r.n, t.id, t.page_code, t.owner FROM unnest((SELECT $1::bigint[])) WITH ORDINALITY AS r(c1, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.comment AS t ORDER BY t.id LIMIT 101) AS t LIMIT r.c1) AS t;

-- pages downwards owned.v1.Comment
/* List owned.v1.Comment */ SELECT r.n, t.id, t.page_code, t.owner FROM unnest((SELECT $1::text[]), $2::uuid[], $3::bigint[]) WITH ORDINALITY AS r(c1, c2, c3, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.comment AS t WHERE (t.page_code, t.id) < (r.c1, r.c2) ORDER BY t.page_code DESC, t.id DESC LIMIT 101) AS t LIMIT r.c3) AS t;

-- page of some owned.v1.Comment
/* List owned.v1.Comment */ SELECT t.id, t.page_code, t.owner FROM owned.comment AS t WHERE t.id > $1::uuid AND t.page_code = $2::text ORDER BY t.id LIMIT $3::bigint;

-- first pages of parents owned.v1.Comment
/* List owned.v1.Comment */ SELECT r.n, t.id, t.page_code, t.owner FROM unnest((SELECT $1::text[]), $2::bigint[]) WITH ORDINALITY AS r(c1, c2, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.comment AS t WHERE t.page_code = r.c1 ORDER BY t.page_code DESC, t.id LIMIT 101) AS t LIMIT r.c2) AS t;

-- pages of parents, after NULL owned.v1.Comment
/* List owned.v1.Comment */ SELECT r.n, t.id, t.page_code, t.owner FROM unnest((SELECT $1::uuid[]), $2::text[], $3::bigint[]) WITH ORDINALITY AS r(c1, c2, c3, n) CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM owned.comment AS t WHERE (false OR t.page_code IS NULL AND t.id > r.c1) AND t.page_code = r.c2 ORDER BY t.page_code, t.id LIMIT 1001) AS t LIMIT r.c3) AS t;

-- counted page in two directions owned.v1.Comment
/* List owned.v1.Comment */ SELECT n.total, t.id, t.page_code, t.owner FROM (SELECT count(*) AS total FROM owned.comment AS t WHERE t.page_code = $3::text) AS n LEFT JOIN (SELECT t.* FROM owned.comment AS t WHERE t.page_code <= $1::text AND (t.page_code < $1::text OR t.page_code = $1::text AND t.id > $2::uuid) AND t.page_code = $3::text ORDER BY t.page_code DESC, t.id LIMIT $4::bigint) AS t ON true ORDER BY t.page_code DESC, t.id;

-- page in one direction, downwards owned.v1.Comment
/* List owned.v1.Comment */ SELECT t.id, t.page_code, t.owner FROM owned.comment AS t WHERE (t.page_code, t.id) < ($1::text, $2::uuid) ORDER BY t.page_code DESC, t.id DESC LIMIT $3::bigint;

-- page after NULL owned.v1.Comment
/* List owned.v1.Comment */ SELECT t.id, t.page_code, t.owner FROM owned.comment AS t WHERE (false OR t.page_code IS NULL AND t.id > $1::uuid) ORDER BY t.page_code, t.id LIMIT $2::bigint;

-- create owned.v1.Comment
/* Create owned.v1.Comment */ INSERT INTO owned.comment AS t (id, owner, page_code) SELECT r.c1, r.c2, r.c3 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS r(c1, c2, c3) ON CONFLICT (id) DO NOTHING RETURNING t.id, t.page_code, t.owner;

-- upsert owned.v1.Comment
/* Upsert owned.v1.Comment */ INSERT INTO owned.comment AS t (id, owner, page_code) SELECT r.c1, r.c2, r.c3 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS r(c1, c2, c3) ON CONFLICT (id) DO UPDATE SET page_code = excluded.page_code WHERE t.owner = excluded.owner RETURNING t.id, t.owner, (t.xmax = 0), t.id, t.page_code, t.owner;

-- upsert that changes one owned.v1.Comment
/* Upsert owned.v1.Comment */ INSERT INTO owned.comment AS t (id, owner, page_code) SELECT r.c1, r.c2, r.c3 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS r(c1, c2, c3) ON CONFLICT (id) DO UPDATE SET page_code = excluded.page_code WHERE t.owner = excluded.owner RETURNING t.id, t.owner, (t.xmax = 0), t.id, t.page_code, t.owner;

-- update of one owned.v1.Comment
/* Update owned.v1.Comment */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS r(c1, c2, c3)), l AS MATERIALIZED (SELECT t.id AS key, t.owner AS owner FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.comment AS t ON t.id = k.c1 AND t.owner = k.c2 ORDER BY t.id, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT true THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.comment AS t SET page_code = r.c3 FROM v AS r WHERE t.id = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.id, u.page_code, u.owner FROM v LEFT JOIN u ON u.id = v.c1 AND u.owner = v.c2;

-- update of all owned.v1.Comment
/* Update owned.v1.Comment */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS r(c1, c2, c3)), l AS MATERIALIZED (SELECT t.id AS key, t.owner AS owner FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.comment AS t ON t.id = k.c1 AND t.owner = k.c2 ORDER BY t.id, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT true THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.comment AS t SET page_code = r.c3 FROM v AS r WHERE t.id = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.id, u.page_code, u.owner FROM v LEFT JOIN u ON u.id = v.c1 AND u.owner = v.c2;

-- update of none owned.v1.Comment
/* Update owned.v1.Comment */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[]) AS r(c1, c2)), l AS MATERIALIZED (SELECT t.id AS key, t.owner AS owner FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.comment AS t ON t.id = k.c1 AND t.owner = k.c2 ORDER BY t.id, t.owner FOR NO KEY UPDATE OF t), v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT true THEN 'etag' WHEN NOT (true) THEN 'immutable' ELSE 'ok' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), u AS (UPDATE owned.comment AS t SET id = t.id FROM v AS r WHERE t.id = r.c1 AND t.owner = r.c2 AND r.verdict = 'ok' RETURNING t.*) SELECT v.c1, v.verdict, v.c2, u.id, u.page_code, u.owner FROM v LEFT JOIN u ON u.id = v.c1 AND u.owner = v.c2;

-- delete owned.v1.Comment
/* Delete owned.v1.Comment */ WITH r AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::text[]) AS r(c1, c2)), l AS MATERIALIZED (SELECT t.id AS key, t.owner AS owner FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.comment AS t ON t.id = k.c1 AND t.owner = k.c2 ORDER BY t.id, t.owner FOR UPDATE OF t), v AS MATERIALIZED (SELECT r.c1, r.c2, CASE WHEN true THEN 'ok' ELSE 'etag' END AS verdict FROM r JOIN l ON l.key = r.c1 AND l.owner = r.c2), d AS (DELETE FROM owned.comment AS t USING v WHERE t.id = v.c1 AND t.owner = v.c2 AND v.verdict = 'ok') SELECT v.c1, v.verdict, v.c2 FROM v;

-- lock owned.v1.Comment
/* Lock owned.v1.Comment */ SELECT t.id AS key, t.owner AS owner FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.comment AS t ON t.id = k.c1 AND t.owner = k.c2 ORDER BY t.id, t.owner FOR NO KEY UPDATE OF t;

-- first page of an export owned.v1.Comment
/* Export owned.v1.Comment */ SELECT t.id, t.page_code, t.owner FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.id ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.page_code), 0) + coalesce(octet_length(t.owner), 0) AS "row bytes" FROM owned.comment AS t ORDER BY t.id LIMIT $1::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.id;

-- page of an export owned.v1.Comment
/* Export owned.v1.Comment */ SELECT t.id, t.page_code, t.owner FROM (SELECT t.*, sum(t."row bytes") OVER (ORDER BY t.id ROWS UNBOUNDED PRECEDING) - t."row bytes" AS "bytes before" FROM (SELECT t.*, 100::bigint + coalesce(octet_length(t.page_code), 0) + coalesce(octet_length(t.owner), 0) AS "row bytes" FROM owned.comment AS t WHERE t.id > $1::uuid ORDER BY t.id LIMIT $2::bigint) AS t) AS t WHERE t."bytes before" < 2097152 ORDER BY t.id;

