-- labels:x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE $1::text = ANY(t.labels);
EXECUTE c('x');
DEALLOCATE c;

-- -labels:x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (($1::text = ANY(t.labels)) IS NOT TRUE);
EXECUTE c('x');
DEALLOCATE c;

-- labels:"a*"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE EXISTS (SELECT FROM unnest(t.labels) AS e(v) WHERE e.v LIKE $1::text);
EXECUTE c('a%');
DEALLOCATE c;

-- labels:"**"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE EXISTS (SELECT FROM unnest(t.labels) AS e(v) WHERE e.v IS NOT NULL);
EXECUTE c;
DEALLOCATE c;

-- numbers:5 bigs:6 weights:0.5 flags:true
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE ($1::integer = ANY(t.numbers) AND $2::numeric = ANY(t.bigs) AND $3::double precision = ANY(t.weights) AND $4::boolean = ANY(t.flags));
EXECUTE c('5', '6', '0.5', 'true');
DEALLOCATE c;

-- origins:ORIGIN_LOST blobs:"AP8="
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE ($1::integer = ANY(t.origins) AND $2::bytea = ANY(t.blobs));
EXECUTE c('-1', E'\\x00ff');
DEALLOCATE c;

-- part.name = x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE CASE WHEN jsonb_typeof(t.part) = 'object' THEN coalesce(t.part ->> 'name', '') END = $1::text;
EXECUTE c('x');
DEALLOCATE c;

-- part.name != x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE CASE WHEN jsonb_typeof(t.part) = 'object' THEN coalesce(t.part ->> 'name', '') END IS DISTINCT FROM $1::text;
EXECUTE c('x');
DEALLOCATE c;

-- part.name = "*x"
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE CASE WHEN jsonb_typeof(t.part) = 'object' THEN coalesce(t.part ->> 'name', '') END LIKE $1::text;
EXECUTE c('%x');
DEALLOCATE c;

-- part.name >= x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (CASE WHEN jsonb_typeof(t.part) = 'object' THEN coalesce(t.part ->> 'name', '') END) COLLATE "C" >= $1::text;
EXECUTE c('x');
DEALLOCATE c;

-- part.name:*
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE coalesce(t.part ->> 'name', '') <> '';
EXECUTE c;
DEALLOCATE c;

-- part.share < 0.5
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE substring(left(replace(CASE WHEN jsonb_typeof(t.part) = 'object' THEN coalesce(t.part ->> 'share', '0') END, 'Infinity', '1e999'), 1100), '^-?[0-9]+(?:[.][0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$')::numeric < $1::numeric;
EXECUTE c('0.5');
DEALLOCATE c;

-- part.share:*
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE coalesce(t.part ->> 'share', '0') <> '0';
EXECUTE c;
DEALLOCATE c;

-- part.seen_time > 2026-01-02T03:04:05.5Z
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE substring((t.part ->> 'seenTime'), '^([0-9-]{10}T[0-9:]{8}(?:[.][0-9]+)?)Z$') COLLATE "C" > $1::text;
EXECUTE c('2026-01-02T03:04:05.500');
DEALLOCATE c;

-- part.seen_time = null
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.part ->> 'seenTime') IS NULL;
EXECUTE c;
DEALLOCATE c;

-- part:seen_time
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.part ->> 'seenTime') IS NOT NULL;
EXECUTE c;
DEALLOCATE c;

-- part:parts
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE coalesce(t.part ->> 'parts', '[]') <> '[]';
EXECUTE c;
DEALLOCATE c;

-- part.parts.name:x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(t.part -> 'parts') WHEN 'array' THEN t.part -> 'parts' END) AS e1(v) WHERE CASE WHEN jsonb_typeof(e1.v) = 'object' THEN coalesce(e1.v ->> 'name', '') END = $1::text);
EXECUTE c('x');
DEALLOCATE c;

-- parts.name:x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(t.parts) WHEN 'array' THEN t.parts END) AS e1(v) WHERE CASE WHEN jsonb_typeof(e1.v) = 'object' THEN coalesce(e1.v ->> 'name', '') END = $1::text);
EXECUTE c('x');
DEALLOCATE c;

-- -parts.name:x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE ((EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(t.parts) WHEN 'array' THEN t.parts END) AS e1(v) WHERE CASE WHEN jsonb_typeof(e1.v) = 'object' THEN coalesce(e1.v ->> 'name', '') END = $1::text)) IS NOT TRUE);
EXECUTE c('x');
DEALLOCATE c;

-- parts.parts.parts.share:1
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(t.parts) WHEN 'array' THEN t.parts END) AS e1(v) WHERE EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(e1.v -> 'parts') WHEN 'array' THEN e1.v -> 'parts' END) AS e2(v) WHERE EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(e2.v -> 'parts') WHEN 'array' THEN e2.v -> 'parts' END) AS e3(v) WHERE substring(left(replace(CASE WHEN jsonb_typeof(e3.v) = 'object' THEN coalesce(e3.v ->> 'share', '0') END, 'Infinity', '1e999'), 1100), '^-?[0-9]+(?:[.][0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$')::numeric = $1::numeric)));
EXECUTE c('1');
DEALLOCATE c;

-- parts.name:*
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(t.parts) WHEN 'array' THEN t.parts END) AS e1(v) WHERE coalesce(e1.v ->> 'name', '') <> '');
EXECUTE c;
DEALLOCATE c;

-- price.units > 5 price.nanos = 0
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (substring(CASE WHEN jsonb_typeof(t.price) = 'object' THEN coalesce(t.price ->> 'units', '0') END, '^-?[0-9]{1,20}(?:[.]0+)?$')::numeric > $1::numeric AND substring(CASE WHEN jsonb_typeof(t.price) = 'object' THEN coalesce(t.price ->> 'nanos', '0') END, '^-?[0-9]{1,20}(?:[.]0+)?$')::numeric = $2::numeric);
EXECUTE c('5', '0');
DEALLOCATE c;

-- counts:red
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.counts ->> $1::text) IS NOT NULL;
EXECUTE c('red');
DEALLOCATE c;

-- counts.red = 5
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE substring((t.counts ->> $1::text), '^-?[0-9]{1,20}(?:[.]0+)?$')::numeric = $2::numeric;
EXECUTE c('red', '5');
DEALLOCATE c;

-- counts.red != 5
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE substring((t.counts ->> $1::text), '^-?[0-9]{1,20}(?:[.]0+)?$')::numeric IS DISTINCT FROM $2::numeric;
EXECUTE c('red', '5');
DEALLOCATE c;

-- counts.red = null
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.counts ->> $1::text) IS NULL;
EXECUTE c('red');
DEALLOCATE c;

-- by_number.7.name = x
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE CASE WHEN jsonb_typeof(t.by_number -> $1::text) = 'object' THEN coalesce(t.by_number -> $1::text ->> 'name', '') END = $2::text;
EXECUTE c('7', 'x');
DEALLOCATE c;

-- by_number.7.parts.share:1
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(t.by_number -> $1::text -> 'parts') WHEN 'array' THEN t.by_number -> $1::text -> 'parts' END) AS e1(v) WHERE substring(left(replace(CASE WHEN jsonb_typeof(e1.v) = 'object' THEN coalesce(e1.v ->> 'share', '0') END, 'Infinity', '1e999'), 1100), '^-?[0-9]+(?:[.][0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$')::numeric = $2::numeric);
EXECUTE c('7', '1');
DEALLOCATE c;

-- by_number:7
PREPARE c AS SELECT count(*) FROM types.sample AS t WHERE (t.by_number ->> $1::text) IS NOT NULL;
EXECUTE c('7');
DEALLOCATE c;

