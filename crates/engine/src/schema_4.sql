-- Version 4. Files that come in parts, inputs out of archives and data sources, copies of apps, changes to many inputs.

-- A file that comes in parts. Its bytes lie in DIR/uploads/{key} until it is whole, then in the blob store; an archive whose files
-- become inputs stays there until they are. `state` is 68000 to 68006. `upload_part` holds the stretches that are on disk. Of an
-- archive: the job that it belongs to, and what its files are to become. A key is never given twice, since it names a file.
CREATE TABLE upload (key INTEGER PRIMARY KEY AUTOINCREMENT, app INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, length INTEGER NOT NULL, state INTEGER NOT NULL,
  details TEXT NOT NULL DEFAULT '', sha256 TEXT NOT NULL DEFAULT '', add_job INTEGER, template TEXT, conflict INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, UNIQUE (app, id));
CREATE INDEX upload_add ON upload (add_job) WHERE add_job IS NOT NULL;
CREATE INDEX upload_blob ON upload (sha256) WHERE sha256 <> '';
CREATE INDEX upload_open ON upload (expires_at) WHERE state = 68000;
CREATE TABLE upload_part (upload INTEGER NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL, PRIMARY KEY (upload, start)) WITHOUT ROWID;
-- Uploads whose files are to be removed once the call is committed.
CREATE TABLE doomed_upload (key INTEGER PRIMARY KEY);

-- A job that takes inputs out of an upload's archive or out of a data source (`url`, without what may be a secret; `secret` says
-- that there was something, or credentials). `job` is the id of the job that does the work. `progress` is the API's
-- InputsExtractionJobProgress, as JSON. `cursor`: the last object of a source that is done. `member`: so many files of the archive at
-- hand are done. `pending`: so many of its files are counted as pending in the add job. `left_out` counts files that became no
-- inputs, and `reasons` tells of the first of them why.
CREATE TABLE extraction_job (key INTEGER PRIMARY KEY, app INTEGER NOT NULL, id TEXT NOT NULL, add_job INTEGER NOT NULL, upload INTEGER, url TEXT NOT NULL, secret INTEGER NOT NULL, template TEXT,
  conflict INTEGER NOT NULL, job TEXT NOT NULL, state INTEGER NOT NULL, details TEXT NOT NULL DEFAULT '', progress TEXT NOT NULL DEFAULT '{}', cursor TEXT NOT NULL DEFAULT '',
  member INTEGER NOT NULL DEFAULT 0, pending INTEGER NOT NULL DEFAULT 0, left_out INTEGER NOT NULL DEFAULT 0, reasons TEXT NOT NULL DEFAULT '[]',
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, UNIQUE (app, id));
CREATE INDEX extraction_job_add ON extraction_job (add_job);
CREATE INDEX extraction_job_upload ON extraction_job (upload);
CREATE INDEX extraction_job_work ON extraction_job (job);
ALTER TABLE add_job ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
-- Where to tell that the job is over: without what may be a secret, and whether there was such. `called`: it has been told.
ALTER TABLE add_job ADD COLUMN call_back_url TEXT NOT NULL DEFAULT '';
ALTER TABLE add_job ADD COLUMN call_back_secret INTEGER NOT NULL DEFAULT 0;
ALTER TABLE add_job ADD COLUMN call_back_details TEXT NOT NULL DEFAULT '';
ALTER TABLE add_job ADD COLUMN called INTEGER NOT NULL DEFAULT 0;
CREATE INDEX add_job_call ON add_job (app) WHERE call_back_url <> '' AND called = 0;
CREATE INDEX add_job_input_job ON add_job_input (job);

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
