-- get of one column types.v1.Order
/* Get types.v1.Order */ SELECT t.code, t."group" FROM types."order" AS t WHERE t.code = ANY((SELECT $1::text[])::text[]);

-- page of one column by another types.v1.Order
/* List types.v1.Order */ SELECT t.code, t."group" FROM types."order" AS t ORDER BY t."group" DESC, t.code LIMIT $1::bigint;

-- get of all that is computed types.v1.Order
/* Get types.v1.Order */ SELECT t.code, "computed 0", "computed 1", "computed 2", encode(float8send("computed 3"), 'hex'), encode(float8send("computed 4"), 'hex'), encode(float4send("computed 5"), 'hex'), encode(float8send("computed 6"), 'hex'), encode(float8send("computed 7"), 'hex'), "computed 8", encode(timestamptz_send("computed 9"), 'hex'), encode(interval_send("computed 10"), 'hex'), "computed 11", "computed 12" FROM types."order" AS t LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0", greatest(least(coalesce(sum(s.i64), 0), 9223372036854775807), -9223372036854775808) AS "computed 1", least(coalesce(sum(s.opt_u64), 0), 18446744073709551615) AS "computed 2", CASE WHEN sum(s.precise / 18446744073709551616) FILTER (WHERE NOT abs(s.precise) < 1e280) IS NULL THEN coalesce(sum(s.precise) FILTER (WHERE abs(s.precise) < 1e280), 0) WHEN abs(sum(s.precise / 18446744073709551616) FILTER (WHERE NOT abs(s.precise) < 1e280)) <= 9.745314011399998e288 THEN sum(s.precise / 18446744073709551616) FILTER (WHERE NOT abs(s.precise) < 1e280) * 18446744073709551616 + coalesce(sum(s.precise) FILTER (WHERE abs(s.precise) < 1e280), 0) ELSE sum(s.precise / 18446744073709551616) FILTER (WHERE NOT abs(s.precise) < 1e280) * 'Infinity'::double precision END AS "computed 3", avg(s.i32)::double precision AS "computed 4", avg(s.u64)::real AS "computed 5", CASE WHEN sum(s.opt_precise / 18446744073709551616) FILTER (WHERE NOT abs(s.opt_precise) < 1e280) IS NULL THEN CASE WHEN abs(sum(s.opt_precise) FILTER (WHERE abs(s.opt_precise) < 1e280)) < count(s.opt_precise) * '5e-324'::double precision THEN 0 ELSE sum(s.opt_precise) FILTER (WHERE abs(s.opt_precise) < 1e280) / count(s.opt_precise) END WHEN abs((sum(s.opt_precise / 18446744073709551616) FILTER (WHERE NOT abs(s.opt_precise) < 1e280) / count(s.opt_precise))) <= 9.745314011399998e288 THEN (sum(s.opt_precise / 18446744073709551616) FILTER (WHERE NOT abs(s.opt_precise) < 1e280) / count(s.opt_precise)) * 18446744073709551616 + coalesce(CASE WHEN abs(sum(s.opt_precise) FILTER (WHERE abs(s.opt_precise) < 1e280)) < count(s.opt_precise) * '5e-324'::double precision THEN 0 ELSE sum(s.opt_precise) FILTER (WHERE abs(s.opt_precise) < 1e280) / count(s.opt_precise) END, 0) ELSE (sum(s.opt_precise / 18446744073709551616) FILTER (WHERE NOT abs(s.opt_precise) < 1e280) / count(s.opt_precise)) * 'Infinity'::double precision END AS "computed 6", avg(s.real::double precision)::double precision AS "computed 7", min(s.text) AS "computed 8", max(s.taken_time) AS "computed 9", min(s.effort) AS "computed 10", max(s.due_date) AS "computed 11", max(s.origin) AS "computed 12" FROM types.sample AS s WHERE s.order_code = t.code) AS g0 ON true WHERE t.code = ANY((SELECT $1::text[])::text[]);

-- page of one computed field types.v1.Order
/* List types.v1.Order */ SELECT t.code, t."group", "computed 0" FROM (SELECT t.* FROM types."order" AS t WHERE (t."group", t.code) > ($1::integer, $2::text) ORDER BY t."group", t.code LIMIT $3::bigint) AS t LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0" FROM types.sample AS s WHERE s.order_code = t.code) AS g0 ON true ORDER BY t."group", t.code;

-- counted page of one computed field types.v1.Order
/* List types.v1.Order */ SELECT n.total, t.code, "computed 0" FROM (SELECT count(*) AS total FROM types."order" AS t) AS n LEFT JOIN (SELECT t.* FROM types."order" AS t ORDER BY t.code LIMIT $1::bigint) AS t ON true LEFT JOIN LATERAL (SELECT least(count(*), 2147483647) AS "computed 0" FROM types.sample AS s WHERE s.order_code = t.code) AS g0 ON true ORDER BY t.code;

-- get of one column types.v1.Sample
/* Get types.v1.Sample */ SELECT t.id, t.code FROM types.sample AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]);

-- get of the etag types.v1.Sample
/* Get types.v1.Sample */ SELECT t.id, t.origin_id, encode(timestamptz_send(t.update_time), 'hex') FROM types.sample AS t WHERE t.id = ANY((SELECT $1::uuid[])::uuid[]);

-- page of one column by another types.v1.Sample
/* List types.v1.Sample */ SELECT t.id, t.code FROM types.sample AS t ORDER BY t.code DESC, t.id LIMIT $1::bigint;

-- get of one column types.v1.Counter
/* Get types.v1.Counter */ SELECT t.number, t.colour FROM types.tally AS t WHERE t.number = ANY((SELECT $1::bigint[])::bigint[]);

-- page of one column by another types.v1.Counter
/* List types.v1.Counter */ SELECT t.number, t.colour FROM types.tally AS t ORDER BY t.colour DESC, t.number LIMIT $1::bigint;

