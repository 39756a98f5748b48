-- get of one column owned.v1.Folder
/* Get owned.v1.Folder */ SELECT t.code, t.owner, t.size FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.folder AS t ON t.code = k.c1 AND t.owner = k.c2;

-- get of the etag owned.v1.Folder
/* Get owned.v1.Folder */ SELECT t.code, t.owner, encode(timestamptz_send(t.update_time), 'hex') FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.folder AS t ON t.code = k.c1 AND t.owner = k.c2;

-- page of one column by another owned.v1.Folder
/* List owned.v1.Folder */ SELECT t.code, t.owner, t.size FROM owned.folder AS t ORDER BY t.size DESC, t.code LIMIT $1::bigint;

-- get of all that is computed owned.v1.Folder
/* Get owned.v1.Folder */ SELECT t.code, t.owner, "computed 0" FROM unnest((SELECT $1::text[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.folder AS t ON t.code = k.c1 AND t.owner = k.c2 LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0" FROM owned.note AS s WHERE s.folder_code = t.code AND s.owner = t.owner) AS g0 ON true;

-- page of one computed field owned.v1.Folder
/* List owned.v1.Folder */ SELECT t.code, t.owner, t.size, "computed 0" FROM (SELECT t.* FROM owned.folder AS t WHERE (t.size, t.code) > ($1::integer, $2::text) ORDER BY t.size, t.code LIMIT $3::bigint) AS t LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0" FROM owned.note AS s WHERE s.folder_code = t.code AND s.owner = t.owner) AS g0 ON true ORDER BY t.size, t.code;

-- counted page of one computed field owned.v1.Folder
/* List owned.v1.Folder */ SELECT n.total, t.code, t.owner, "computed 0" FROM (SELECT count(*) AS total FROM owned.folder AS t) AS n LEFT JOIN (SELECT t.* FROM owned.folder AS t ORDER BY t.code LIMIT $1::bigint) AS t ON true LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0" FROM owned.note AS s WHERE s.folder_code = t.code AND s.owner = t.owner) AS g0 ON true ORDER BY t.code;

-- get of one column owned.v1.Note
/* Get owned.v1.Note */ SELECT t.id, t.owner, t.text FROM unnest((SELECT $1::uuid[]), (SELECT $2::text[])) AS k(c1, c2) JOIN owned.note AS t ON t.id = k.c1 AND t.owner = k.c2;

-- page of one column by another owned.v1.Note
/* List owned.v1.Note */ SELECT t.id, t.owner, t.text FROM owned.note AS t ORDER BY t.text DESC, t.id LIMIT $1::bigint;

-- get of one column owned.v1.Page
/* Get owned.v1.Page */ SELECT t.code, t.size FROM owned.page AS t WHERE t.code = ANY((SELECT $1::text[])::text[]);

-- page of one column by another owned.v1.Page
/* List owned.v1.Page */ SELECT t.code, t.size FROM owned.page AS t ORDER BY t.size DESC, t.code LIMIT $1::bigint;

-- get of all that is computed owned.v1.Page
/* Get owned.v1.Page */ SELECT t.code, "computed 0" FROM owned.page AS t LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0" FROM owned.comment AS s WHERE s.page_code = t.code) AS g0 ON true WHERE t.code = ANY((SELECT $1::text[])::text[]);

-- page of one computed field owned.v1.Page
/* List owned.v1.Page */ SELECT t.code, t.size, "computed 0" FROM (SELECT t.* FROM owned.page AS t WHERE (t.size, t.code) > ($1::integer, $2::text) ORDER BY t.size, t.code LIMIT $3::bigint) AS t LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0" FROM owned.comment AS s WHERE s.page_code = t.code) AS g0 ON true ORDER BY t.size, t.code;

-- counted page of one computed field owned.v1.Page
/* List owned.v1.Page */ SELECT n.total, t.code, "computed 0" FROM (SELECT count(*) AS total FROM owned.page AS t) AS n LEFT JOIN (SELECT t.* FROM owned.page AS t ORDER BY t.code LIMIT $1::bigint) AS t ON true LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0" FROM owned.comment AS s WHERE s.page_code = t.code) AS g0 ON true ORDER BY t.code;

-- get of one column owned.v1.Comment
/* Get owned.v1.Comment */ SELECT t.id, t.page_code FROM owned.comment AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]);

-- page of one column by another owned.v1.Comment
/* List owned.v1.Comment */ SELECT t.id, t.page_code FROM owned.comment AS t ORDER BY t.page_code DESC, t.id LIMIT $1::bigint;

