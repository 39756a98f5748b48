CREATE SCHEMA IF NOT EXISTS types;
CREATE TABLE types.schema_history (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  apply_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  role text COLLATE "C" NOT NULL DEFAULT CURRENT_USER,
  tool_version text COLLATE "C" NOT NULL,
  contract_digest text COLLATE "C" NOT NULL,
  step text COLLATE "C" NOT NULL,
  sql text COLLATE "C" NOT NULL,
  CONSTRAINT schema_history_pkey PRIMARY KEY (id)
);
CREATE TABLE types."order" (
  code varchar(40) COLLATE "C" NOT NULL,
  "user" varchar(20) COLLATE "C",
  "group" integer NOT NULL DEFAULT 0,
  "table" bigint NOT NULL DEFAULT 0,
  CONSTRAINT order_pkey PRIMARY KEY (code),
  CONSTRAINT order_code_min_len CHECK (char_length(code) >= 1),
  CONSTRAINT order_code_pattern CHECK (code ~ E'^[A-Za-z0-9 .''"\\\\{},_-]+$')
);
CREATE TABLE types.sample (
  id uuid NOT NULL,
  order_code text COLLATE "C",
  origin_id uuid,
  flag boolean NOT NULL DEFAULT false,
  i32 integer NOT NULL DEFAULT 0,
  i64 bigint NOT NULL DEFAULT 0,
  u32 bigint NOT NULL DEFAULT 0,
  u64 numeric(20) NOT NULL DEFAULT 0,
  s32 integer NOT NULL DEFAULT 0,
  s64 bigint NOT NULL DEFAULT 0,
  f32 bigint NOT NULL DEFAULT 0,
  f64 numeric(20) NOT NULL DEFAULT 0,
  sf32 integer NOT NULL DEFAULT 0,
  sf64 bigint NOT NULL DEFAULT 0,
  real real NOT NULL DEFAULT 0,
  precise double precision NOT NULL DEFAULT 0,
  text text COLLATE "C" NOT NULL DEFAULT '',
  data bytea NOT NULL DEFAULT ''::bytea,
  origin integer NOT NULL DEFAULT 0,
  opt_flag boolean,
  opt_i32 integer,
  opt_i64 bigint,
  opt_u32 bigint,
  opt_u64 numeric(20),
  opt_real real,
  opt_precise double precision,
  opt_text text COLLATE "C",
  opt_data bytea,
  opt_origin integer,
  taken_time timestamptz,
  effort interval,
  due_date date,
  price jsonb,
  wrapped_flag boolean,
  wrapped_i32 integer,
  wrapped_u64 numeric(20),
  wrapped_double double precision,
  wrapped_text text COLLATE "C",
  wrapped_data bytea,
  numbers integer[] NOT NULL DEFAULT '{}'::integer[],
  labels text[] COLLATE "C" NOT NULL DEFAULT '{}'::text[],
  weights double precision[] NOT NULL DEFAULT '{}'::double precision[],
  flags boolean[] NOT NULL DEFAULT '{}'::boolean[],
  blobs bytea[] NOT NULL DEFAULT '{}'::bytea[],
  origins integer[] NOT NULL DEFAULT '{}'::integer[],
  bigs numeric(20)[] NOT NULL DEFAULT '{}'::numeric(20)[],
  part jsonb,
  parts jsonb NOT NULL DEFAULT '[]'::jsonb,
  counts jsonb NOT NULL DEFAULT '{}'::jsonb,
  by_number jsonb NOT NULL DEFAULT '{}'::jsonb,
  note text COLLATE "C",
  code bigint,
  create_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  update_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT sample_pkey PRIMARY KEY (id),
  CONSTRAINT sample_u32_type CHECK (u32 >= 0 AND u32 <= 4294967295),
  CONSTRAINT sample_u64_type CHECK (u64 >= 0 AND u64 <= 18446744073709551615),
  CONSTRAINT sample_f32_type CHECK (f32 >= 0 AND f32 <= 4294967295),
  CONSTRAINT sample_f64_type CHECK (f64 >= 0 AND f64 <= 18446744073709551615),
  CONSTRAINT sample_origin_type CHECK (origin IN (0, 1, 2, -1)),
  CONSTRAINT sample_opt_u32_type CHECK (opt_u32 >= 0 AND opt_u32 <= 4294967295),
  CONSTRAINT sample_opt_u64_type CHECK (opt_u64 >= 0 AND opt_u64 <= 18446744073709551615),
  CONSTRAINT sample_opt_origin_type CHECK (opt_origin IN (0, 1, 2, -1)),
  CONSTRAINT sample_taken_time_type CHECK (taken_time >= '0001-01-01 00:00:00+00'::timestamptz AND taken_time < '10000-01-01 00:00:00+00'::timestamptz),
  CONSTRAINT sample_effort_type CHECK (effort >= '-87660000:00:00.999999'::interval AND effort <= '87660000:00:00.999999'::interval),
  CONSTRAINT sample_effort_months CHECK (date_part('year', effort) = 0 AND date_part('month', effort) = 0),
  CONSTRAINT sample_due_date_type CHECK (due_date >= '0001-01-01'::date AND due_date <= '9999-12-31'::date),
  CONSTRAINT sample_price_type CHECK (jsonb_typeof(price) = 'object'),
  CONSTRAINT sample_wrapped_u64_type CHECK (wrapped_u64 >= 0 AND wrapped_u64 <= 18446744073709551615),
  CONSTRAINT sample_numbers_array CHECK (coalesce(array_ndims(numbers), 1) = 1 AND array_position(numbers, NULL) IS NULL),
  CONSTRAINT sample_numbers_max_items CHECK (cardinality(numbers) <= 1000),
  CONSTRAINT sample_labels_array CHECK (coalesce(array_ndims(labels), 1) = 1 AND array_position(labels, NULL) IS NULL),
  CONSTRAINT sample_weights_array CHECK (coalesce(array_ndims(weights), 1) = 1 AND array_position(weights, NULL) IS NULL),
  CONSTRAINT sample_flags_array CHECK (coalesce(array_ndims(flags), 1) = 1 AND array_position(flags, NULL) IS NULL),
  CONSTRAINT sample_blobs_array CHECK (coalesce(array_ndims(blobs), 1) = 1 AND array_position(blobs, NULL) IS NULL),
  CONSTRAINT sample_origins_type CHECK (origins <@ ARRAY[0, 1, 2, -1]),
  CONSTRAINT sample_origins_array CHECK (coalesce(array_ndims(origins), 1) = 1 AND array_position(origins, NULL) IS NULL),
  CONSTRAINT sample_bigs_type CHECK (0 <= ALL (bigs) AND 18446744073709551615 >= ALL (bigs)),
  CONSTRAINT sample_bigs_array CHECK (coalesce(array_ndims(bigs), 1) = 1 AND array_position(bigs, NULL) IS NULL),
  CONSTRAINT sample_part_type CHECK (jsonb_typeof(part) = 'object'),
  CONSTRAINT sample_parts_type CHECK (jsonb_typeof(parts) = 'array'),
  CONSTRAINT sample_counts_type CHECK (jsonb_typeof(counts) = 'object'),
  CONSTRAINT sample_by_number_type CHECK (jsonb_typeof(by_number) = 'object'),
  CONSTRAINT sample_create_time_type CHECK (create_time >= '0001-01-01 00:00:00+00'::timestamptz AND create_time < '10000-01-01 00:00:00+00'::timestamptz),
  CONSTRAINT sample_update_time_type CHECK (update_time >= '0001-01-01 00:00:00+00'::timestamptz AND update_time < '10000-01-01 00:00:00+00'::timestamptz),
  CONSTRAINT sample_content_oneof CHECK (num_nonnulls(note, code) <= 1)
);
CREATE TABLE types.tally (
  number bigint NOT NULL,
  value double precision NOT NULL DEFAULT 0,
  colour text COLLATE "C" NOT NULL DEFAULT '',
  CONSTRAINT tally_pkey PRIMARY KEY (number),
  CONSTRAINT tally_value_range CHECK (value > '0'::double precision AND value <= '1'::double precision AND value <> 'NaN'),
  CONSTRAINT tally_colour_in CHECK (colour IN ('red', 'green'))
);
CREATE TABLE types.request_claim (
  request_id text COLLATE "C" NOT NULL,
  digest bytea NOT NULL,
  answer jsonb NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT request_claim_pkey PRIMARY KEY (request_id)
);
COMMENT ON TABLE types.schema_history IS 'dataservice: (schema_history)';
COMMENT ON COLUMN types.schema_history.id IS 'dataservice: (schema_history).id = 1';
COMMENT ON COLUMN types.schema_history.apply_time IS 'dataservice: (schema_history).apply_time = 2';
COMMENT ON COLUMN types.schema_history.role IS 'dataservice: (schema_history).role = 3';
COMMENT ON COLUMN types.schema_history.tool_version IS 'dataservice: (schema_history).tool_version = 4';
COMMENT ON COLUMN types.schema_history.contract_digest IS 'dataservice: (schema_history).contract_digest = 5';
COMMENT ON COLUMN types.schema_history.step IS 'dataservice: (schema_history).step = 6';
COMMENT ON COLUMN types.schema_history.sql IS 'dataservice: (schema_history).sql = 7';
COMMENT ON CONSTRAINT schema_history_pkey ON types.schema_history IS 'dataservice: PRIMARY KEY (id)';
CREATE UNIQUE INDEX order_user_key ON types."order" ("user");
COMMENT ON TABLE types."order" IS 'dataservice: types.v1.Order';
COMMENT ON COLUMN types."order".code IS 'dataservice: types.v1.Order.code = 1';
COMMENT ON COLUMN types."order"."user" IS 'dataservice: types.v1.Order.user = 2';
COMMENT ON COLUMN types."order"."group" IS 'dataservice: types.v1.Order.group = 3';
COMMENT ON COLUMN types."order"."table" IS 'dataservice: types.v1.Order.table = 4';
COMMENT ON CONSTRAINT order_pkey ON types."order" IS 'dataservice: PRIMARY KEY (code)';
COMMENT ON CONSTRAINT order_code_min_len ON types."order" IS 'dataservice: CHECK (char_length(code) >= 1)';
COMMENT ON CONSTRAINT order_code_pattern ON types."order" IS E'dataservice: CHECK (code ~ E''^[A-Za-z0-9 .''''"\\\\\\\\{},_-]+$'')';
COMMENT ON INDEX types.order_user_key IS 'dataservice: UNIQUE INDEX ("user")';
ALTER TABLE types.sample ADD CONSTRAINT sample_order_code_fkey FOREIGN KEY (order_code) REFERENCES types."order" (code) ON DELETE RESTRICT;
ALTER TABLE types.sample ADD CONSTRAINT sample_origin_id_fkey FOREIGN KEY (origin_id) REFERENCES types.sample (id) ON DELETE SET NULL;
CREATE INDEX sample_order_code_id_idx ON types.sample (order_code, id);
CREATE INDEX sample_origin_id_id_idx ON types.sample (origin_id, id);
COMMENT ON TABLE types.sample IS 'dataservice: types.v1.Sample';
COMMENT ON COLUMN types.sample.id IS 'dataservice: types.v1.Sample.id = 1';
COMMENT ON COLUMN types.sample.order_code IS 'dataservice: types.v1.Sample.order_code = 2';
COMMENT ON COLUMN types.sample.origin_id IS 'dataservice: types.v1.Sample.origin_id = 3';
COMMENT ON COLUMN types.sample.flag IS 'dataservice: types.v1.Sample.flag = 10';
COMMENT ON COLUMN types.sample.i32 IS 'dataservice: types.v1.Sample.i32 = 11';
COMMENT ON COLUMN types.sample.i64 IS 'dataservice: types.v1.Sample.i64 = 12';
COMMENT ON COLUMN types.sample.u32 IS 'dataservice: types.v1.Sample.u32 = 13';
COMMENT ON COLUMN types.sample.u64 IS 'dataservice: types.v1.Sample.u64 = 14';
COMMENT ON COLUMN types.sample.s32 IS 'dataservice: types.v1.Sample.s32 = 15';
COMMENT ON COLUMN types.sample.s64 IS 'dataservice: types.v1.Sample.s64 = 16';
COMMENT ON COLUMN types.sample.f32 IS 'dataservice: types.v1.Sample.f32 = 17';
COMMENT ON COLUMN types.sample.f64 IS 'dataservice: types.v1.Sample.f64 = 18';
COMMENT ON COLUMN types.sample.sf32 IS 'dataservice: types.v1.Sample.sf32 = 19';
COMMENT ON COLUMN types.sample.sf64 IS 'dataservice: types.v1.Sample.sf64 = 20';
COMMENT ON COLUMN types.sample.real IS 'dataservice: types.v1.Sample.real = 21';
COMMENT ON COLUMN types.sample.precise IS 'dataservice: types.v1.Sample.precise = 22';
COMMENT ON COLUMN types.sample.text IS 'dataservice: types.v1.Sample.text = 23';
COMMENT ON COLUMN types.sample.data IS 'dataservice: types.v1.Sample.data = 24';
COMMENT ON COLUMN types.sample.origin IS 'dataservice: types.v1.Sample.origin = 25; 0 ORIGIN_UNSPECIFIED, 1 ORIGIN_FIELD, 2 ORIGIN_LABORATORY, -1 ORIGIN_LOST';
COMMENT ON COLUMN types.sample.opt_flag IS 'dataservice: types.v1.Sample.opt_flag = 30';
COMMENT ON COLUMN types.sample.opt_i32 IS 'dataservice: types.v1.Sample.opt_i32 = 31';
COMMENT ON COLUMN types.sample.opt_i64 IS 'dataservice: types.v1.Sample.opt_i64 = 32';
COMMENT ON COLUMN types.sample.opt_u32 IS 'dataservice: types.v1.Sample.opt_u32 = 33';
COMMENT ON COLUMN types.sample.opt_u64 IS 'dataservice: types.v1.Sample.opt_u64 = 34';
COMMENT ON COLUMN types.sample.opt_real IS 'dataservice: types.v1.Sample.opt_real = 35';
COMMENT ON COLUMN types.sample.opt_precise IS 'dataservice: types.v1.Sample.opt_precise = 36';
COMMENT ON COLUMN types.sample.opt_text IS 'dataservice: types.v1.Sample.opt_text = 37';
COMMENT ON COLUMN types.sample.opt_data IS 'dataservice: types.v1.Sample.opt_data = 38';
COMMENT ON COLUMN types.sample.opt_origin IS 'dataservice: types.v1.Sample.opt_origin = 39; 0 ORIGIN_UNSPECIFIED, 1 ORIGIN_FIELD, 2 ORIGIN_LABORATORY, -1 ORIGIN_LOST';
COMMENT ON COLUMN types.sample.taken_time IS 'dataservice: types.v1.Sample.taken_time = 50';
COMMENT ON COLUMN types.sample.effort IS 'dataservice: types.v1.Sample.effort = 51';
COMMENT ON COLUMN types.sample.due_date IS 'dataservice: types.v1.Sample.due_date = 52';
COMMENT ON COLUMN types.sample.price IS 'dataservice: types.v1.Sample.price = 53; json google.type.Money';
COMMENT ON COLUMN types.sample.wrapped_flag IS 'dataservice: types.v1.Sample.wrapped_flag = 54';
COMMENT ON COLUMN types.sample.wrapped_i32 IS 'dataservice: types.v1.Sample.wrapped_i32 = 55';
COMMENT ON COLUMN types.sample.wrapped_u64 IS 'dataservice: types.v1.Sample.wrapped_u64 = 56';
COMMENT ON COLUMN types.sample.wrapped_double IS 'dataservice: types.v1.Sample.wrapped_double = 57';
COMMENT ON COLUMN types.sample.wrapped_text IS 'dataservice: types.v1.Sample.wrapped_text = 58';
COMMENT ON COLUMN types.sample.wrapped_data IS 'dataservice: types.v1.Sample.wrapped_data = 59';
COMMENT ON COLUMN types.sample.numbers IS 'dataservice: types.v1.Sample.numbers = 70';
COMMENT ON COLUMN types.sample.labels IS 'dataservice: types.v1.Sample.labels = 71';
COMMENT ON COLUMN types.sample.weights IS 'dataservice: types.v1.Sample.weights = 72';
COMMENT ON COLUMN types.sample.flags IS 'dataservice: types.v1.Sample.flags = 73';
COMMENT ON COLUMN types.sample.blobs IS 'dataservice: types.v1.Sample.blobs = 74';
COMMENT ON COLUMN types.sample.origins IS 'dataservice: types.v1.Sample.origins = 75; 0 ORIGIN_UNSPECIFIED, 1 ORIGIN_FIELD, 2 ORIGIN_LABORATORY, -1 ORIGIN_LOST';
COMMENT ON COLUMN types.sample.bigs IS 'dataservice: types.v1.Sample.bigs = 76';
COMMENT ON COLUMN types.sample.part IS 'dataservice: types.v1.Sample.part = 80; json name string, share double, parts[] types.v1.Part, seenTime google.protobuf.Timestamp';
COMMENT ON COLUMN types.sample.parts IS 'dataservice: types.v1.Sample.parts = 81; json [].name string, [].share double, [].parts[] types.v1.Part, [].seenTime google.protobuf.Timestamp';
COMMENT ON COLUMN types.sample.counts IS 'dataservice: types.v1.Sample.counts = 82; json {} int32';
COMMENT ON COLUMN types.sample.by_number IS 'dataservice: types.v1.Sample.by_number = 83; json {}.name string, {}.share double, {}.parts[] types.v1.Part, {}.seenTime google.protobuf.Timestamp';
COMMENT ON COLUMN types.sample.note IS 'dataservice: types.v1.Sample.note = 90';
COMMENT ON COLUMN types.sample.code IS 'dataservice: types.v1.Sample.code = 91';
COMMENT ON COLUMN types.sample.create_time IS 'dataservice: types.v1.Sample.create_time = 100';
COMMENT ON COLUMN types.sample.update_time IS 'dataservice: types.v1.Sample.update_time = 101';
COMMENT ON CONSTRAINT sample_pkey ON types.sample IS 'dataservice: PRIMARY KEY (id)';
COMMENT ON CONSTRAINT sample_u32_type ON types.sample IS 'dataservice: CHECK (u32 >= 0 AND u32 <= 4294967295)';
COMMENT ON CONSTRAINT sample_u64_type ON types.sample IS 'dataservice: CHECK (u64 >= 0 AND u64 <= 18446744073709551615)';
COMMENT ON CONSTRAINT sample_f32_type ON types.sample IS 'dataservice: CHECK (f32 >= 0 AND f32 <= 4294967295)';
COMMENT ON CONSTRAINT sample_f64_type ON types.sample IS 'dataservice: CHECK (f64 >= 0 AND f64 <= 18446744073709551615)';
COMMENT ON CONSTRAINT sample_origin_type ON types.sample IS 'dataservice: CHECK (origin IN (0, 1, 2, -1))';
COMMENT ON CONSTRAINT sample_opt_u32_type ON types.sample IS 'dataservice: CHECK (opt_u32 >= 0 AND opt_u32 <= 4294967295)';
COMMENT ON CONSTRAINT sample_opt_u64_type ON types.sample IS 'dataservice: CHECK (opt_u64 >= 0 AND opt_u64 <= 18446744073709551615)';
COMMENT ON CONSTRAINT sample_opt_origin_type ON types.sample IS 'dataservice: CHECK (opt_origin IN (0, 1, 2, -1))';
COMMENT ON CONSTRAINT sample_taken_time_type ON types.sample IS 'dataservice: CHECK (taken_time >= ''0001-01-01 00:00:00+00''::timestamptz AND taken_time < ''10000-01-01 00:00:00+00''::timestamptz)';
COMMENT ON CONSTRAINT sample_effort_type ON types.sample IS 'dataservice: CHECK (effort >= ''-87660000:00:00.999999''::interval AND effort <= ''87660000:00:00.999999''::interval)';
COMMENT ON CONSTRAINT sample_effort_months ON types.sample IS 'dataservice: CHECK (date_part(''year'', effort) = 0 AND date_part(''month'', effort) = 0)';
COMMENT ON CONSTRAINT sample_due_date_type ON types.sample IS 'dataservice: CHECK (due_date >= ''0001-01-01''::date AND due_date <= ''9999-12-31''::date)';
COMMENT ON CONSTRAINT sample_price_type ON types.sample IS 'dataservice: CHECK (jsonb_typeof(price) = ''object'')';
COMMENT ON CONSTRAINT sample_wrapped_u64_type ON types.sample IS 'dataservice: CHECK (wrapped_u64 >= 0 AND wrapped_u64 <= 18446744073709551615)';
COMMENT ON CONSTRAINT sample_numbers_array ON types.sample IS 'dataservice: CHECK (coalesce(array_ndims(numbers), 1) = 1 AND array_position(numbers, NULL) IS NULL)';
COMMENT ON CONSTRAINT sample_numbers_max_items ON types.sample IS 'dataservice: CHECK (cardinality(numbers) <= 1000)';
COMMENT ON CONSTRAINT sample_labels_array ON types.sample IS 'dataservice: CHECK (coalesce(array_ndims(labels), 1) = 1 AND array_position(labels, NULL) IS NULL)';
COMMENT ON CONSTRAINT sample_weights_array ON types.sample IS 'dataservice: CHECK (coalesce(array_ndims(weights), 1) = 1 AND array_position(weights, NULL) IS NULL)';
COMMENT ON CONSTRAINT sample_flags_array ON types.sample IS 'dataservice: CHECK (coalesce(array_ndims(flags), 1) = 1 AND array_position(flags, NULL) IS NULL)';
COMMENT ON CONSTRAINT sample_blobs_array ON types.sample IS 'dataservice: CHECK (coalesce(array_ndims(blobs), 1) = 1 AND array_position(blobs, NULL) IS NULL)';
COMMENT ON CONSTRAINT sample_origins_type ON types.sample IS 'dataservice: CHECK (origins <@ ARRAY[0, 1, 2, -1])';
COMMENT ON CONSTRAINT sample_origins_array ON types.sample IS 'dataservice: CHECK (coalesce(array_ndims(origins), 1) = 1 AND array_position(origins, NULL) IS NULL)';
COMMENT ON CONSTRAINT sample_bigs_type ON types.sample IS 'dataservice: CHECK (0 <= ALL (bigs) AND 18446744073709551615 >= ALL (bigs))';
COMMENT ON CONSTRAINT sample_bigs_array ON types.sample IS 'dataservice: CHECK (coalesce(array_ndims(bigs), 1) = 1 AND array_position(bigs, NULL) IS NULL)';
COMMENT ON CONSTRAINT sample_part_type ON types.sample IS 'dataservice: CHECK (jsonb_typeof(part) = ''object'')';
COMMENT ON CONSTRAINT sample_parts_type ON types.sample IS 'dataservice: CHECK (jsonb_typeof(parts) = ''array'')';
COMMENT ON CONSTRAINT sample_counts_type ON types.sample IS 'dataservice: CHECK (jsonb_typeof(counts) = ''object'')';
COMMENT ON CONSTRAINT sample_by_number_type ON types.sample IS 'dataservice: CHECK (jsonb_typeof(by_number) = ''object'')';
COMMENT ON CONSTRAINT sample_create_time_type ON types.sample IS 'dataservice: CHECK (create_time >= ''0001-01-01 00:00:00+00''::timestamptz AND create_time < ''10000-01-01 00:00:00+00''::timestamptz)';
COMMENT ON CONSTRAINT sample_update_time_type ON types.sample IS 'dataservice: CHECK (update_time >= ''0001-01-01 00:00:00+00''::timestamptz AND update_time < ''10000-01-01 00:00:00+00''::timestamptz)';
COMMENT ON CONSTRAINT sample_content_oneof ON types.sample IS 'dataservice: CHECK (num_nonnulls(note, code) <= 1)';
COMMENT ON CONSTRAINT sample_order_code_fkey ON types.sample IS 'dataservice: FOREIGN KEY (order_code) REFERENCES types."order" (code) ON DELETE RESTRICT';
COMMENT ON CONSTRAINT sample_origin_id_fkey ON types.sample IS 'dataservice: FOREIGN KEY (origin_id) REFERENCES types.sample (id) ON DELETE SET NULL';
COMMENT ON INDEX types.sample_order_code_id_idx IS 'dataservice: INDEX (order_code, id)';
COMMENT ON INDEX types.sample_origin_id_id_idx IS 'dataservice: INDEX (origin_id, id)';
COMMENT ON TABLE types.tally IS 'dataservice: types.v1.Counter';
COMMENT ON COLUMN types.tally.number IS 'dataservice: types.v1.Counter.number = 1';
COMMENT ON COLUMN types.tally.value IS 'dataservice: types.v1.Counter.value = 2';
COMMENT ON COLUMN types.tally.colour IS 'dataservice: types.v1.Counter.colour = 3';
COMMENT ON CONSTRAINT tally_pkey ON types.tally IS 'dataservice: PRIMARY KEY (number)';
COMMENT ON CONSTRAINT tally_value_range ON types.tally IS 'dataservice: CHECK (value > ''0''::double precision AND value <= ''1''::double precision AND value <> ''NaN'')';
COMMENT ON CONSTRAINT tally_colour_in ON types.tally IS 'dataservice: CHECK (colour IN (''red'', ''green''))';
CREATE INDEX request_claim_create_time_idx ON types.request_claim (create_time);
COMMENT ON TABLE types.request_claim IS 'dataservice: (request_claim)';
COMMENT ON COLUMN types.request_claim.request_id IS 'dataservice: (request_claim).request_id = 1';
COMMENT ON COLUMN types.request_claim.digest IS 'dataservice: (request_claim).digest = 2';
COMMENT ON COLUMN types.request_claim.answer IS 'dataservice: (request_claim).answer = 3';
COMMENT ON COLUMN types.request_claim.create_time IS 'dataservice: (request_claim).create_time = 4';
COMMENT ON CONSTRAINT request_claim_pkey ON types.request_claim IS 'dataservice: PRIMARY KEY (request_id)';
COMMENT ON INDEX types.request_claim_create_time_idx IS 'dataservice: INDEX (create_time)';
