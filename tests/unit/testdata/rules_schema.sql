-- test.v1.Thing.server_pattern: the server alone enforces string.pattern (?i)a
-- test.v1.Thing.email: the server alone enforces string.email
-- test.v1.Thing.when: the server alone enforces timestamp rules relative to now
-- test.v1.Thing.tags: the server alone enforces repeated.unique
CREATE SCHEMA IF NOT EXISTS test;
CREATE TABLE test.schema_history (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  apply_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  role text COLLATE "C" NOT NULL DEFAULT CURRENT_USER,
  tool_version text COLLATE "C" NOT NULL,
  contract_digest text COLLATE "C" NOT NULL,
  step text COLLATE "C" NOT NULL,
  sql text COLLATE "C" NOT NULL,
  CONSTRAINT schema_history_pkey PRIMARY KEY (id)
);
CREATE TABLE test.thing (
  key bigint NOT NULL,
  len varchar(3) COLLATE "C" NOT NULL DEFAULT '',
  min text COLLATE "C" NOT NULL DEFAULT '',
  bytes_range text COLLATE "C" NOT NULL DEFAULT '',
  prefixed text COLLATE "C" NOT NULL DEFAULT '',
  contains text COLLATE "C" NOT NULL DEFAULT '',
  one_of text COLLATE "C" NOT NULL DEFAULT '',
  pattern text COLLATE "C" NOT NULL DEFAULT '',
  server_pattern text COLLATE "C" NOT NULL DEFAULT '',
  email text COLLATE "C" NOT NULL DEFAULT '',
  data bytea NOT NULL DEFAULT ''::bytea,
  kind integer NOT NULL DEFAULT 0,
  inside double precision NOT NULL DEFAULT 0,
  outside real NOT NULL DEFAULT 0,
  finite real NOT NULL DEFAULT 0,
  listed numeric(20) NOT NULL DEFAULT 0,
  zero_or_more integer NOT NULL DEFAULT 0,
  always boolean NOT NULL DEFAULT false,
  "when" timestamptz,
  tags text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
  pairs jsonb NOT NULL DEFAULT '{}'::jsonb,
  needed text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
  a text COLLATE "C",
  b integer,
  ignored integer NOT NULL DEFAULT 0,
  wrapped text COLLATE "C",
  CONSTRAINT thing_pkey PRIMARY KEY (key),
  CONSTRAINT thing_len_len CHECK (char_length(len) = 3),
  CONSTRAINT thing_min_min_len CHECK (char_length(min) >= 3),
  CONSTRAINT thing_bytes_range_min_bytes CHECK (octet_length(bytes_range) >= 1),
  CONSTRAINT thing_bytes_range_max_bytes CHECK (octet_length(bytes_range) <= 9),
  CONSTRAINT thing_prefixed_prefix CHECK (starts_with(prefixed, 'it''s')),
  CONSTRAINT thing_prefixed_suffix CHECK (starts_with(reverse(prefixed), reverse(E'\\'))),
  CONSTRAINT thing_contains_contains CHECK (position('a' IN contains) > 0),
  CONSTRAINT thing_contains_not_contains CHECK (position('b' IN contains) = 0),
  CONSTRAINT thing_one_of_in CHECK (one_of IN ('a', 'b')),
  CONSTRAINT thing_pattern_pattern CHECK (pattern ~ E'^a[^\\n][0-9A-Za-z_]{2,3}$'),
  CONSTRAINT thing_data_min_len CHECK (octet_length(data) >= 1),
  CONSTRAINT thing_data_max_len CHECK (octet_length(data) <= 4),
  CONSTRAINT thing_data_prefix CHECK (substring(data FROM 1 FOR 1) = '\x00'::bytea),
  CONSTRAINT thing_kind_type CHECK (kind IN (0, 1, 2)),
  CONSTRAINT thing_kind_not_in CHECK (kind NOT IN (0)),
  CONSTRAINT thing_inside_range CHECK (inside > '0'::double precision AND inside <= '1'::double precision AND inside <> 'NaN'),
  CONSTRAINT thing_outside_range CHECK ((outside > '5'::real OR outside < '-5'::real) AND outside <> 'NaN'),
  CONSTRAINT thing_finite_finite CHECK (finite NOT IN ('NaN', 'Infinity', '-Infinity')),
  CONSTRAINT thing_listed_type CHECK (listed >= 0 AND listed <= 18446744073709551615),
  CONSTRAINT thing_listed_in CHECK (listed IN (1, 18446744073709551615)),
  CONSTRAINT thing_zero_or_more_range CHECK (zero_or_more = 0 OR (zero_or_more >= 5)),
  CONSTRAINT thing_always_const CHECK (always = true),
  CONSTRAINT thing_when_type CHECK ("when" >= '0001-01-01 00:00:00+00'::timestamptz AND "when" < '10000-01-01 00:00:00+00'::timestamptz),
  CONSTRAINT thing_when_range CHECK ("when" >= '1970-01-01T00:00:00.000000Z'::timestamptz),
  CONSTRAINT thing_tags_array CHECK (coalesce(array_ndims(tags), 1) = 1 AND array_position(tags, NULL) IS NULL),
  CONSTRAINT thing_tags_min_items CHECK (cardinality(tags) >= 1),
  CONSTRAINT thing_tags_max_items CHECK (cardinality(tags) <= 3),
  CONSTRAINT thing_pairs_type CHECK (jsonb_typeof(pairs) = 'object'),
  CONSTRAINT thing_pairs_min_pairs CHECK (jsonb_array_length(jsonb_path_query_array(pairs, '$.keyvalue()')) >= 1),
  CONSTRAINT thing_pairs_max_pairs CHECK (jsonb_array_length(jsonb_path_query_array(pairs, '$.keyvalue()')) <= 2),
  CONSTRAINT thing_needed_array CHECK (coalesce(array_ndims(needed), 1) = 1 AND array_position(needed, NULL) IS NULL),
  CONSTRAINT thing_needed_required CHECK (needed <> '{}'),
  CONSTRAINT thing_wrapped_min_len CHECK (char_length(wrapped) >= 2),
  CONSTRAINT thing_choice_oneof CHECK (num_nonnulls(a, b) = 1)
);
COMMENT ON TABLE test.schema_history IS 'dataservice: (schema_history)';
COMMENT ON COLUMN test.schema_history.id IS 'dataservice: (schema_history).id = 1';
COMMENT ON COLUMN test.schema_history.apply_time IS 'dataservice: (schema_history).apply_time = 2';
COMMENT ON COLUMN test.schema_history.role IS 'dataservice: (schema_history).role = 3';
COMMENT ON COLUMN test.schema_history.tool_version IS 'dataservice: (schema_history).tool_version = 4';
COMMENT ON COLUMN test.schema_history.contract_digest IS 'dataservice: (schema_history).contract_digest = 5';
COMMENT ON COLUMN test.schema_history.step IS 'dataservice: (schema_history).step = 6';
COMMENT ON COLUMN test.schema_history.sql IS 'dataservice: (schema_history).sql = 7';
COMMENT ON CONSTRAINT schema_history_pkey ON test.schema_history IS 'dataservice: PRIMARY KEY (id)';
COMMENT ON TABLE test.thing IS 'dataservice: test.v1.Thing';
COMMENT ON COLUMN test.thing.key IS 'dataservice: test.v1.Thing.key = 1';
COMMENT ON COLUMN test.thing.len IS 'dataservice: test.v1.Thing.len = 2';
COMMENT ON COLUMN test.thing.min IS 'dataservice: test.v1.Thing.min = 3';
COMMENT ON COLUMN test.thing.bytes_range IS 'dataservice: test.v1.Thing.bytes_range = 4';
COMMENT ON COLUMN test.thing.prefixed IS 'dataservice: test.v1.Thing.prefixed = 5';
COMMENT ON COLUMN test.thing.contains IS 'dataservice: test.v1.Thing.contains = 6';
COMMENT ON COLUMN test.thing.one_of IS 'dataservice: test.v1.Thing.one_of = 7';
COMMENT ON COLUMN test.thing.pattern IS 'dataservice: test.v1.Thing.pattern = 8';
COMMENT ON COLUMN test.thing.server_pattern IS 'dataservice: test.v1.Thing.server_pattern = 9';
COMMENT ON COLUMN test.thing.email IS 'dataservice: test.v1.Thing.email = 10';
COMMENT ON COLUMN test.thing.data IS 'dataservice: test.v1.Thing.data = 11';
COMMENT ON COLUMN test.thing.kind IS 'dataservice: test.v1.Thing.kind = 12; 0 KIND_UNSPECIFIED, 1 KIND_A, 2 KIND_B';
COMMENT ON COLUMN test.thing.inside IS 'dataservice: test.v1.Thing.inside = 13';
COMMENT ON COLUMN test.thing.outside IS 'dataservice: test.v1.Thing.outside = 14';
COMMENT ON COLUMN test.thing.finite IS 'dataservice: test.v1.Thing.finite = 15';
COMMENT ON COLUMN test.thing.listed IS 'dataservice: test.v1.Thing.listed = 16';
COMMENT ON COLUMN test.thing.zero_or_more IS 'dataservice: test.v1.Thing.zero_or_more = 17';
COMMENT ON COLUMN test.thing.always IS 'dataservice: test.v1.Thing.always = 18';
COMMENT ON COLUMN test.thing."when" IS 'dataservice: test.v1.Thing.when = 19';
COMMENT ON COLUMN test.thing.tags IS 'dataservice: test.v1.Thing.tags = 20';
COMMENT ON COLUMN test.thing.pairs IS 'dataservice: test.v1.Thing.pairs = 21; json {} string';
COMMENT ON COLUMN test.thing.needed IS 'dataservice: test.v1.Thing.needed = 22';
COMMENT ON COLUMN test.thing.a IS 'dataservice: test.v1.Thing.a = 23';
COMMENT ON COLUMN test.thing.b IS 'dataservice: test.v1.Thing.b = 24';
COMMENT ON COLUMN test.thing.ignored IS 'dataservice: test.v1.Thing.ignored = 25';
COMMENT ON COLUMN test.thing.wrapped IS 'dataservice: test.v1.Thing.wrapped = 26';
COMMENT ON CONSTRAINT thing_pkey ON test.thing IS 'dataservice: PRIMARY KEY (key)';
COMMENT ON CONSTRAINT thing_len_len ON test.thing IS 'dataservice: CHECK (char_length(len) = 3)';
COMMENT ON CONSTRAINT thing_min_min_len ON test.thing IS 'dataservice: CHECK (char_length(min) >= 3)';
COMMENT ON CONSTRAINT thing_bytes_range_min_bytes ON test.thing IS 'dataservice: CHECK (octet_length(bytes_range) >= 1)';
COMMENT ON CONSTRAINT thing_bytes_range_max_bytes ON test.thing IS 'dataservice: CHECK (octet_length(bytes_range) <= 9)';
COMMENT ON CONSTRAINT thing_prefixed_prefix ON test.thing IS 'dataservice: CHECK (starts_with(prefixed, ''it''''s''))';
COMMENT ON CONSTRAINT thing_prefixed_suffix ON test.thing IS E'dataservice: CHECK (starts_with(reverse(prefixed), reverse(E''\\\\'')))';
COMMENT ON CONSTRAINT thing_contains_contains ON test.thing IS 'dataservice: CHECK (position(''a'' IN contains) > 0)';
COMMENT ON CONSTRAINT thing_contains_not_contains ON test.thing IS 'dataservice: CHECK (position(''b'' IN contains) = 0)';
COMMENT ON CONSTRAINT thing_one_of_in ON test.thing IS 'dataservice: CHECK (one_of IN (''a'', ''b''))';
COMMENT ON CONSTRAINT thing_pattern_pattern ON test.thing IS E'dataservice: CHECK (pattern ~ E''^a[^\\\\n][0-9A-Za-z_]{2,3}$'')';
COMMENT ON CONSTRAINT thing_data_min_len ON test.thing IS 'dataservice: CHECK (octet_length(data) >= 1)';
COMMENT ON CONSTRAINT thing_data_max_len ON test.thing IS 'dataservice: CHECK (octet_length(data) <= 4)';
COMMENT ON CONSTRAINT thing_data_prefix ON test.thing IS E'dataservice: CHECK (substring(data FROM 1 FOR 1) = ''\\x00''::bytea)';
COMMENT ON CONSTRAINT thing_kind_type ON test.thing IS 'dataservice: CHECK (kind IN (0, 1, 2))';
COMMENT ON CONSTRAINT thing_kind_not_in ON test.thing IS 'dataservice: CHECK (kind NOT IN (0))';
COMMENT ON CONSTRAINT thing_inside_range ON test.thing IS 'dataservice: CHECK (inside > ''0''::double precision AND inside <= ''1''::double precision AND inside <> ''NaN'')';
COMMENT ON CONSTRAINT thing_outside_range ON test.thing IS 'dataservice: CHECK ((outside > ''5''::real OR outside < ''-5''::real) AND outside <> ''NaN'')';
COMMENT ON CONSTRAINT thing_finite_finite ON test.thing IS 'dataservice: CHECK (finite NOT IN (''NaN'', ''Infinity'', ''-Infinity''))';
COMMENT ON CONSTRAINT thing_listed_type ON test.thing IS 'dataservice: CHECK (listed >= 0 AND listed <= 18446744073709551615)';
COMMENT ON CONSTRAINT thing_listed_in ON test.thing IS 'dataservice: CHECK (listed IN (1, 18446744073709551615))';
COMMENT ON CONSTRAINT thing_zero_or_more_range ON test.thing IS 'dataservice: CHECK (zero_or_more = 0 OR (zero_or_more >= 5))';
COMMENT ON CONSTRAINT thing_always_const ON test.thing IS 'dataservice: CHECK (always = true)';
COMMENT ON CONSTRAINT thing_when_type ON test.thing IS 'dataservice: CHECK ("when" >= ''0001-01-01 00:00:00+00''::timestamptz AND "when" < ''10000-01-01 00:00:00+00''::timestamptz)';
COMMENT ON CONSTRAINT thing_when_range ON test.thing IS 'dataservice: CHECK ("when" >= ''1970-01-01T00:00:00.000000Z''::timestamptz)';
COMMENT ON CONSTRAINT thing_tags_array ON test.thing IS 'dataservice: CHECK (coalesce(array_ndims(tags), 1) = 1 AND array_position(tags, NULL) IS NULL)';
COMMENT ON CONSTRAINT thing_tags_min_items ON test.thing IS 'dataservice: CHECK (cardinality(tags) >= 1)';
COMMENT ON CONSTRAINT thing_tags_max_items ON test.thing IS 'dataservice: CHECK (cardinality(tags) <= 3)';
COMMENT ON CONSTRAINT thing_pairs_type ON test.thing IS 'dataservice: CHECK (jsonb_typeof(pairs) = ''object'')';
COMMENT ON CONSTRAINT thing_pairs_min_pairs ON test.thing IS 'dataservice: CHECK (jsonb_array_length(jsonb_path_query_array(pairs, ''$.keyvalue()'')) >= 1)';
COMMENT ON CONSTRAINT thing_pairs_max_pairs ON test.thing IS 'dataservice: CHECK (jsonb_array_length(jsonb_path_query_array(pairs, ''$.keyvalue()'')) <= 2)';
COMMENT ON CONSTRAINT thing_needed_array ON test.thing IS 'dataservice: CHECK (coalesce(array_ndims(needed), 1) = 1 AND array_position(needed, NULL) IS NULL)';
COMMENT ON CONSTRAINT thing_needed_required ON test.thing IS 'dataservice: CHECK (needed <> ''{}'')';
COMMENT ON CONSTRAINT thing_wrapped_min_len ON test.thing IS 'dataservice: CHECK (char_length(wrapped) >= 2)';
COMMENT ON CONSTRAINT thing_choice_oneof ON test.thing IS 'dataservice: CHECK (num_nonnulls(a, b) = 1)';
