CREATE SCHEMA IF NOT EXISTS owned;
CREATE TABLE owned.schema_history (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  apply_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  role text COLLATE "C" NOT NULL DEFAULT CURRENT_USER,
  tool_version text COLLATE "C" NOT NULL,
  contract_digest text COLLATE "C" NOT NULL,
  step text COLLATE "C" NOT NULL,
  sql text COLLATE "C" NOT NULL,
  CONSTRAINT schema_history_pkey PRIMARY KEY (id)
);
CREATE TABLE owned.folder (
  code varchar(20) COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  slug text COLLATE "C",
  size integer NOT NULL DEFAULT 0,
  update_time timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT folder_pkey PRIMARY KEY (owner, code),
  CONSTRAINT folder_code_min_len CHECK (char_length(code) >= 1),
  CONSTRAINT folder_update_time_type CHECK (update_time >= '0001-01-01 00:00:00+00'::timestamptz AND update_time < '10000-01-01 00:00:00+00'::timestamptz)
);
CREATE TABLE owned.note (
  id uuid NOT NULL,
  folder_code text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  text text COLLATE "C" NOT NULL DEFAULT '',
  CONSTRAINT note_pkey PRIMARY KEY (owner, id),
  CONSTRAINT note_folder_code_required CHECK (folder_code <> '')
);
CREATE TABLE owned.page (
  code varchar(20) COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  address text COLLATE "C",
  title text COLLATE "C",
  size integer NOT NULL DEFAULT 0,
  CONSTRAINT page_pkey PRIMARY KEY (code),
  CONSTRAINT page_code_min_len CHECK (char_length(code) >= 1)
);
CREATE TABLE owned.comment (
  id uuid NOT NULL,
  page_code text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  CONSTRAINT comment_pkey PRIMARY KEY (id),
  CONSTRAINT comment_page_code_required CHECK (page_code <> '')
);
CREATE TABLE owned.request_claim (
  request_id text COLLATE "C" NOT NULL,
  digest bytea NOT NULL,
  answer jsonb NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT request_claim_pkey PRIMARY KEY (request_id)
);
COMMENT ON TABLE owned.schema_history IS 'dataservice: (schema_history)';
COMMENT ON COLUMN owned.schema_history.id IS 'dataservice: (schema_history).id = 1';
COMMENT ON COLUMN owned.schema_history.apply_time IS 'dataservice: (schema_history).apply_time = 2';
COMMENT ON COLUMN owned.schema_history.role IS 'dataservice: (schema_history).role = 3';
COMMENT ON COLUMN owned.schema_history.tool_version IS 'dataservice: (schema_history).tool_version = 4';
COMMENT ON COLUMN owned.schema_history.contract_digest IS 'dataservice: (schema_history).contract_digest = 5';
COMMENT ON COLUMN owned.schema_history.step IS 'dataservice: (schema_history).step = 6';
COMMENT ON COLUMN owned.schema_history.sql IS 'dataservice: (schema_history).sql = 7';
COMMENT ON CONSTRAINT schema_history_pkey ON owned.schema_history IS 'dataservice: PRIMARY KEY (id)';
CREATE UNIQUE INDEX folder_owner_slug_key ON owned.folder (owner, slug);
CREATE INDEX folder_owner_size_code_idx ON owned.folder (owner, size, code);
COMMENT ON TABLE owned.folder IS 'dataservice: owned.v1.Folder';
COMMENT ON COLUMN owned.folder.code IS 'dataservice: owned.v1.Folder.code = 1';
COMMENT ON COLUMN owned.folder.owner IS 'dataservice: owned.v1.Folder.owner = 2';
COMMENT ON COLUMN owned.folder.slug IS 'dataservice: owned.v1.Folder.slug = 3';
COMMENT ON COLUMN owned.folder.size IS 'dataservice: owned.v1.Folder.size = 4';
COMMENT ON COLUMN owned.folder.update_time IS 'dataservice: owned.v1.Folder.update_time = 5';
COMMENT ON CONSTRAINT folder_pkey ON owned.folder IS 'dataservice: PRIMARY KEY (owner, code)';
COMMENT ON CONSTRAINT folder_code_min_len ON owned.folder IS 'dataservice: CHECK (char_length(code) >= 1)';
COMMENT ON CONSTRAINT folder_update_time_type ON owned.folder IS 'dataservice: CHECK (update_time >= ''0001-01-01 00:00:00+00''::timestamptz AND update_time < ''10000-01-01 00:00:00+00''::timestamptz)';
COMMENT ON INDEX owned.folder_owner_slug_key IS 'dataservice: UNIQUE INDEX (owner, slug)';
COMMENT ON INDEX owned.folder_owner_size_code_idx IS 'dataservice: INDEX (owner, size, code)';
ALTER TABLE owned.note ADD CONSTRAINT note_folder_code_fkey FOREIGN KEY (owner, folder_code) REFERENCES owned.folder (owner, code) ON DELETE RESTRICT;
CREATE INDEX note_owner_folder_code_id_idx ON owned.note (owner, folder_code, id);
COMMENT ON TABLE owned.note IS 'dataservice: owned.v1.Note';
COMMENT ON COLUMN owned.note.id IS 'dataservice: owned.v1.Note.id = 1';
COMMENT ON COLUMN owned.note.folder_code IS 'dataservice: owned.v1.Note.folder_code = 2';
COMMENT ON COLUMN owned.note.owner IS 'dataservice: owned.v1.Note.owner = 3';
COMMENT ON COLUMN owned.note.text IS 'dataservice: owned.v1.Note.text = 4';
COMMENT ON CONSTRAINT note_pkey ON owned.note IS 'dataservice: PRIMARY KEY (owner, id)';
COMMENT ON CONSTRAINT note_folder_code_required ON owned.note IS 'dataservice: CHECK (folder_code <> '''')';
COMMENT ON CONSTRAINT note_folder_code_fkey ON owned.note IS 'dataservice: FOREIGN KEY (owner, folder_code) REFERENCES owned.folder (owner, code) ON DELETE RESTRICT';
COMMENT ON INDEX owned.note_owner_folder_code_id_idx IS 'dataservice: INDEX (owner, folder_code, id)';
CREATE UNIQUE INDEX page_address_key ON owned.page (address);
CREATE UNIQUE INDEX page_owner_title_key ON owned.page (owner, title);
CREATE INDEX page_size_code_idx ON owned.page (size, code);
COMMENT ON TABLE owned.page IS 'dataservice: owned.v1.Page';
COMMENT ON COLUMN owned.page.code IS 'dataservice: owned.v1.Page.code = 1';
COMMENT ON COLUMN owned.page.owner IS 'dataservice: owned.v1.Page.owner = 2';
COMMENT ON COLUMN owned.page.address IS 'dataservice: owned.v1.Page.address = 3';
COMMENT ON COLUMN owned.page.title IS 'dataservice: owned.v1.Page.title = 4';
COMMENT ON COLUMN owned.page.size IS 'dataservice: owned.v1.Page.size = 5';
COMMENT ON CONSTRAINT page_pkey ON owned.page IS 'dataservice: PRIMARY KEY (code)';
COMMENT ON CONSTRAINT page_code_min_len ON owned.page IS 'dataservice: CHECK (char_length(code) >= 1)';
COMMENT ON INDEX owned.page_address_key IS 'dataservice: UNIQUE INDEX (address)';
COMMENT ON INDEX owned.page_owner_title_key IS 'dataservice: UNIQUE INDEX (owner, title)';
COMMENT ON INDEX owned.page_size_code_idx IS 'dataservice: INDEX (size, code)';
ALTER TABLE owned.comment ADD CONSTRAINT comment_page_code_fkey FOREIGN KEY (page_code) REFERENCES owned.page (code) ON DELETE CASCADE;
CREATE INDEX comment_page_code_id_idx ON owned.comment (page_code, id);
COMMENT ON TABLE owned.comment IS 'dataservice: owned.v1.Comment';
COMMENT ON COLUMN owned.comment.id IS 'dataservice: owned.v1.Comment.id = 1';
COMMENT ON COLUMN owned.comment.page_code IS 'dataservice: owned.v1.Comment.page_code = 2';
COMMENT ON COLUMN owned.comment.owner IS 'dataservice: owned.v1.Comment.owner = 3';
COMMENT ON CONSTRAINT comment_pkey ON owned.comment IS 'dataservice: PRIMARY KEY (id)';
COMMENT ON CONSTRAINT comment_page_code_required ON owned.comment IS 'dataservice: CHECK (page_code <> '''')';
COMMENT ON CONSTRAINT comment_page_code_fkey ON owned.comment IS 'dataservice: FOREIGN KEY (page_code) REFERENCES owned.page (code) ON DELETE CASCADE';
COMMENT ON INDEX owned.comment_page_code_id_idx IS 'dataservice: INDEX (page_code, id)';
CREATE INDEX request_claim_create_time_idx ON owned.request_claim (create_time);
COMMENT ON TABLE owned.request_claim IS 'dataservice: (request_claim)';
COMMENT ON COLUMN owned.request_claim.request_id IS 'dataservice: (request_claim).request_id = 1';
COMMENT ON COLUMN owned.request_claim.digest IS 'dataservice: (request_claim).digest = 2';
COMMENT ON COLUMN owned.request_claim.answer IS 'dataservice: (request_claim).answer = 3';
COMMENT ON COLUMN owned.request_claim.create_time IS 'dataservice: (request_claim).create_time = 4';
COMMENT ON CONSTRAINT request_claim_pkey ON owned.request_claim IS 'dataservice: PRIMARY KEY (request_id)';
COMMENT ON INDEX owned.request_claim_create_time_idx IS 'dataservice: INDEX (create_time)';
