-- Version 1. A resource is one row a revision: `key` is the resource, `born` and `died` are the sequence numbers between
-- which the row holds; `died` is NULL while it lives.
CREATE TABLE app (key INTEGER PRIMARY KEY, user_id TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  description TEXT NOT NULL, metadata TEXT, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, UNIQUE (user_id, id));

-- Every write of a user. Maps sequence to time.
CREATE TABLE revision (seq INTEGER PRIMARY KEY, app INTEGER NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, what TEXT NOT NULL);
CREATE INDEX revision_app ON revision (app, seq);

CREATE TABLE counter (app INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (app, name)) WITHOUT ROWID;

CREATE TABLE concept (rev INTEGER PRIMARY KEY, app INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  folded TEXT NOT NULL, definition TEXT NOT NULL, supercategory TEXT NOT NULL, metadata TEXT, created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL, born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX concept_live ON concept (app, id) WHERE died IS NULL;
CREATE INDEX concept_page ON concept (app, key) WHERE died IS NULL;
CREATE INDEX concept_name ON concept (app, folded) WHERE died IS NULL;
CREATE INDEX concept_key ON concept (key, born);

CREATE TABLE media (sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, content_type TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL) WITHOUT ROWID;

-- `kind`: 1 image, 2 text, 3 video, 4 audio. `hash` is of what an import knows it by; `origin` what the import brought.
CREATE TABLE input (rev INTEGER PRIMARY KEY, app INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL,
  width INTEGER NOT NULL, height INTEGER NOT NULL, sha256 TEXT, url TEXT NOT NULL, raw TEXT, metadata TEXT, longitude REAL, latitude REAL,
  file_name TEXT, origin_id INTEGER, origin TEXT, hash INTEGER, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL,
  born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX input_live ON input (app, id) WHERE died IS NULL;
CREATE INDEX input_page ON input (app, key) WHERE died IS NULL;
CREATE INDEX input_key ON input (key, born);
CREATE INDEX input_hash ON input (app, hash) WHERE died IS NULL AND hash IS NOT NULL;

CREATE TABLE dataset (rev INTEGER PRIMARY KEY, app INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, description TEXT NOT NULL,
  notes TEXT NOT NULL, metadata TEXT, extras TEXT, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL,
  born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX dataset_live ON dataset (app, id) WHERE died IS NULL;
CREATE INDEX dataset_key ON dataset (key, born);

CREATE TABLE member (rev INTEGER PRIMARY KEY, dataset INTEGER NOT NULL, input INTEGER NOT NULL, created_at INTEGER NOT NULL,
  born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX member_live ON member (dataset, input) WHERE died IS NULL;
CREATE INDEX member_page ON member (dataset, input, born);
CREATE INDEX member_input ON member (input) WHERE died IS NULL;

-- `shape`: 0 none, 1 box, 2 polygon, 3 mask, 4 anything else, which stands in `info`. `top` … are the API's fractions;
-- `px` … what came in as pixels, exact, while `exact` is 1.
CREATE TABLE annotation (rev INTEGER PRIMARY KEY, app INTEGER NOT NULL, key INTEGER NOT NULL, input INTEGER NOT NULL, id TEXT NOT NULL,
  user_id TEXT NOT NULL, model_version_id TEXT NOT NULL, trusted INTEGER NOT NULL, input_level INTEGER NOT NULL, shape INTEGER NOT NULL,
  top REAL, left REAL, bottom REAL, right REAL, exact INTEGER NOT NULL, px REAL, py REAL, pw REAL, ph REAL, area REAL, crowd INTEGER NOT NULL,
  segmentation TEXT, info TEXT, rest TEXT, origin_id INTEGER, origin TEXT, status INTEGER NOT NULL, hash INTEGER,
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX annotation_live ON annotation (input, id) WHERE died IS NULL;
CREATE INDEX annotation_input ON annotation (input, key, born);

CREATE TABLE label (annotation INTEGER NOT NULL, concept INTEGER NOT NULL, value REAL NOT NULL, PRIMARY KEY (annotation, concept)) WITHOUT ROWID;

-- A version is a sequence number and a filter.
CREATE TABLE dataset_version (key INTEGER PRIMARY KEY, dataset INTEGER NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL,
  description TEXT NOT NULL, metadata TEXT, filter TEXT NOT NULL, origin INTEGER NOT NULL, totals TEXT,
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, UNIQUE (dataset, id));

CREATE TABLE version_group (version INTEGER NOT NULL, ordinal INTEGER NOT NULL, type INTEGER NOT NULL, value TEXT NOT NULL, metrics TEXT NOT NULL,
  PRIMARY KEY (version, ordinal)) WITHOUT ROWID;

CREATE TABLE export (key INTEGER PRIMARY KEY, version INTEGER NOT NULL, format INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, file_name TEXT NOT NULL,
  state INTEGER NOT NULL, details TEXT NOT NULL, percent INTEGER NOT NULL, size INTEGER NOT NULL, sha256 TEXT NOT NULL, UNIQUE (version, format));

CREATE TABLE job (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, app INTEGER NOT NULL, kind INTEGER NOT NULL, state INTEGER NOT NULL,
  phase INTEGER NOT NULL, done INTEGER NOT NULL, total INTEGER NOT NULL, cursor INTEGER NOT NULL, dataset_id TEXT NOT NULL, version_id TEXT NOT NULL,
  export INTEGER, spec TEXT NOT NULL, result TEXT NOT NULL, error TEXT, base_url TEXT NOT NULL, created_at INTEGER NOT NULL, started_at INTEGER, finished_at INTEGER);
CREATE INDEX job_app ON job (app, key);
CREATE INDEX job_open ON job (state) WHERE state IN (2, 3);

CREATE TABLE import_file (job TEXT NOT NULL, name TEXT NOT NULL, bytes INTEGER NOT NULL, received_at INTEGER NOT NULL, PRIMARY KEY (job, name)) WITHOUT ROWID;
