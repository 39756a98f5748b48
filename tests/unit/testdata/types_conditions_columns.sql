-- 
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE true;
EXECUTE c;
DEALLOCATE c;

-- i32 = 1
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.i32 = $1::integer;
EXECUTE c('1');
DEALLOCATE c;

-- i32 != 1
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.i32 <> $1::integer;
EXECUTE c('1');
DEALLOCATE c;

-- opt_i32 = 1
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.opt_i32 = $1::integer;
EXECUTE c('1');
DEALLOCATE c;

-- opt_i32 != 1
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.opt_i32 IS DISTINCT FROM $1::integer;
EXECUTE c('1');
DEALLOCATE c;

-- i64 < 1 AND u32 <= 2 AND u64 > 3 AND s32 >= 4
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.i64 < $1::bigint AND t.u32 <= $2::bigint AND t.u64 > $3::numeric AND t.s32 >= $4::integer);
EXECUTE c('1', '2', '3', '4');
DEALLOCATE c;

-- real > 1.5 precise >= 1.5 opt_precise < 1.5 wrapped_double <= Infinity
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE ((t.real > $1::real AND t.real < 'NaN') AND (t.precise >= $2::double precision AND t.precise < 'NaN') AND t.opt_precise < $3::double precision AND t.wrapped_double <= $4::double precision);
EXECUTE c('1.5', '1.5', '1.5', 'Infinity');
DEALLOCATE c;

-- text > "foo"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.text > $1::text;
EXECUTE c('foo');
DEALLOCATE c;

-- flag = true
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.flag = $1::boolean;
EXECUTE c('true');
DEALLOCATE c;

-- data != "AP8="
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.data <> $1::bytea;
EXECUTE c(E'\\x00ff');
DEALLOCATE c;

-- origin = ORIGIN_FIELD OR opt_origin != 2
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.origin = $1::integer OR t.opt_origin IS DISTINCT FROM $2::integer);
EXECUTE c('1', '2');
DEALLOCATE c;

-- id = 0189ABCD-0000-7000-8000-00000000000A
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.id = $1::uuid;
EXECUTE c('0189abcd-0000-7000-8000-00000000000a');
DEALLOCATE c;

-- taken_time > 2012-04-21T11:30:00-04:00
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.taken_time > $1::timestamptz;
EXECUTE c('2012-04-21T15:30:00.000000Z');
DEALLOCATE c;

-- effort <= 1.5s
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.effort <= $1::interval;
EXECUTE c('00:00:01.500000');
DEALLOCATE c;

-- due_date >= 2026-01-31
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.due_date >= $1::date;
EXECUTE c('2026-01-31');
DEALLOCATE c;

-- text = "ab*"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.text >= $1::text AND t.text < $2::text);
EXECUTE c('ab', 'ac');
DEALLOCATE c;

-- text != "ab*"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (((t.text >= $1::text AND t.text < $2::text)) IS NOT TRUE);
EXECUTE c('ab', 'ac');
DEALLOCATE c;

-- text = "*50%"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.text LIKE $1::text;
EXECUTE c(E'%50\\%');
DEALLOCATE c;

-- opt_text = "*x*"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.opt_text LIKE $1::text;
EXECUTE c('%x%');
DEALLOCATE c;

-- opt_text = "*"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.opt_text IS NOT NULL;
EXECUTE c;
DEALLOCATE c;

-- text = "􏿿*"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.text >= $1::text;
EXECUTE c('􏿿');
DEALLOCATE c;

-- order_code = ""
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.order_code IS NULL;
EXECUTE c;
DEALLOCATE c;

-- order_code != ""
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.order_code IS NOT NULL;
EXECUTE c;
DEALLOCATE c;

-- order_code = x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.order_code = $1::text;
EXECUTE c('x');
DEALLOCATE c;

-- order_code != x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.order_code IS DISTINCT FROM $1::text;
EXECUTE c('x');
DEALLOCATE c;

-- order_code <= x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.order_code <= $1::text OR t.order_code IS NULL);
EXECUTE c('x');
DEALLOCATE c;

-- order_code < ""
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE ((true) IS NOT TRUE);
EXECUTE c;
DEALLOCATE c;

-- order_code > x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.order_code > $1::text;
EXECUTE c('x');
DEALLOCATE c;

-- order_code = "*"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE true;
EXECUTE c;
DEALLOCATE c;

-- order_code = "*x"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.order_code LIKE $1::text;
EXECUTE c('%x');
DEALLOCATE c;

-- opt_text = null
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.opt_text IS NULL;
EXECUTE c;
DEALLOCATE c;

-- opt_text != null
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.opt_text IS NOT NULL;
EXECUTE c;
DEALLOCATE c;

-- part = null
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE t.part IS NULL;
EXECUTE c;
DEALLOCATE c;

-- NOT opt_i32 = 1
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE ((t.opt_i32 = $1::integer) IS NOT TRUE);
EXECUTE c('1');
DEALLOCATE c;

-- -(opt_i32 < 1 OR opt_text = x)
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE ((t.opt_i32 < $1::integer OR t.opt_text = $2::text) IS NOT TRUE);
EXECUTE c('1', 'x');
DEALLOCATE c;

-- i32 = 1 (i64 = 2 OR i64 = 3) NOT u32 = 4
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.i32 = $1::integer AND (t.i64 = $2::bigint OR t.i64 = $3::bigint) AND ((t.u32 = $4::bigint) IS NOT TRUE));
EXECUTE c('1', '2', '3', '4');
DEALLOCATE c;

-- i32 = (1 OR 2) AND i64 != (3 OR 4)
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE ((t.i32 = $1::integer OR t.i32 = $2::integer) AND ((t.i64 = $3::bigint OR t.i64 = $4::bigint) IS NOT TRUE));
EXECUTE c('1', '2', '3', '4');
DEALLOCATE c;

-- flag:* i32:* text:* data:* origin:* precise:*
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.flag <> false AND t.i32 <> 0 AND t.text <> '' AND t.data <> ''::bytea AND t.origin <> 0 AND t.precise <> 0);
EXECUTE c;
DEALLOCATE c;

-- id:* opt_i32:* order_code:* taken_time:* create_time:* wrapped_text:*
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.id IS NOT NULL AND t.opt_i32 IS NOT NULL AND t.order_code IS NOT NULL AND t.taken_time IS NOT NULL AND t.create_time IS NOT NULL AND t.wrapped_text IS NOT NULL);
EXECUTE c;
DEALLOCATE c;

-- labels:* part:* parts:* counts:* note:*
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (cardinality(t.labels) > 0 AND t.part IS NOT NULL AND t.parts <> '[]' AND t.counts <> '{}' AND t.note IS NOT NULL);
EXECUTE c;
DEALLOCATE c;

-- code = "a*"
PREPARE c AS SELECT count(*) FROM types."order" AS t WHERE (t.code >= $1::text AND t.code < $2::text);
EXECUTE c('a', 'b');
DEALLOCATE c;

-- user = x
PREPARE c AS SELECT count(*) FROM types."order" AS t WHERE t."user" = $1::text;
EXECUTE c('x');
DEALLOCATE c;

-- group > 1
PREPARE c AS SELECT count(*) FROM types."order" AS t WHERE t."group" > $1::integer;
EXECUTE c('1');
DEALLOCATE c;

-- table:*
PREPARE c AS SELECT count(*) FROM types."order" AS t WHERE t."table" <> 0;
EXECUTE c;
DEALLOCATE c;

-- number >= 5
PREPARE c AS SELECT count(*) FROM types.tally AS t WHERE t.number >= $1::bigint;
EXECUTE c('5');
DEALLOCATE c;

-- colour != red
PREPARE c AS SELECT count(*) FROM types.tally AS t WHERE t.colour <> $1::text;
EXECUTE c('red');
DEALLOCATE c;

