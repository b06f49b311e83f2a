-- Version 4. Files that come in parts, inputs out of archives and data sources, copies of apps, changes to many inputs.

-- A file that comes in parts. Its bytes lie in DIR/uploads/{key} until it is whole, then in the blob store. `state` is 68000 to
-- 68006. `upload_part` holds the stretches that are on disk.
CREATE TABLE upload (key INTEGER PRIMARY KEY, app INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, length INTEGER NOT NULL, state INTEGER NOT NULL,
  details TEXT NOT NULL DEFAULT '', sha256 TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, UNIQUE (app, id));
CREATE TABLE upload_part (upload INTEGER NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL, PRIMARY KEY (upload, start)) WITHOUT ROWID;

-- A job that takes inputs out of an upload's archive or out of a data source (`url`, without its query). `job` is the id of the
-- job that does the work, once it has begun. Counters are those of the API's InputsExtractionJobProgress, as JSON.
CREATE TABLE extraction_job (key INTEGER PRIMARY KEY, app INTEGER NOT NULL, id TEXT NOT NULL, add_job INTEGER NOT NULL, upload INTEGER, url TEXT NOT NULL, template TEXT,
  conflict INTEGER NOT NULL, job TEXT, state INTEGER NOT NULL, details TEXT NOT NULL DEFAULT '', progress TEXT NOT NULL DEFAULT '{}', cursor TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, UNIQUE (app, id));
CREATE INDEX extraction_job_add ON extraction_job (add_job);
CREATE INDEX extraction_job_upload ON extraction_job (upload);
ALTER TABLE add_job ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
-- Without its query, which may hold a secret.
ALTER TABLE add_job ADD COLUMN call_back_url TEXT NOT NULL DEFAULT '';

-- A copy of an app. `body` is what was sent, `state` 25200 to 25204. `progress` tells how far it is, as JSON. `source` is 0 once
-- that app is deleted.
CREATE TABLE duplication (key INTEGER PRIMARY KEY, user_id TEXT NOT NULL, id TEXT NOT NULL, source INTEGER NOT NULL, destination INTEGER NOT NULL, job TEXT NOT NULL, body TEXT NOT NULL,
  state INTEGER NOT NULL, details TEXT NOT NULL DEFAULT '', progress TEXT NOT NULL DEFAULT '{}', created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, UNIQUE (user_id, id));
CREATE INDEX duplication_source ON duplication (source);
CREATE INDEX duplication_destination ON duplication (destination);

-- A change to many inputs. `body` is what was sent, `state` 25400 to 25406. `job` is empty where all was done within the call.
CREATE TABLE bulk_operation (key INTEGER PRIMARY KEY, app INTEGER NOT NULL, id TEXT NOT NULL, job TEXT NOT NULL, body TEXT NOT NULL, created_by TEXT NOT NULL, state INTEGER NOT NULL,
  details TEXT NOT NULL DEFAULT '', processed INTEGER NOT NULL DEFAULT 0, last_id TEXT NOT NULL DEFAULT '', created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, UNIQUE (app, id));
CREATE INDEX bulk_operation_page ON bulk_operation (app, key);
-- What an operation has still to work on; a row goes when it is done. `annotation` is 0 for an input as a whole.
CREATE TABLE bulk_target (operation INTEGER NOT NULL, input INTEGER NOT NULL, annotation INTEGER NOT NULL, PRIMARY KEY (operation, input, annotation)) WITHOUT ROWID;
