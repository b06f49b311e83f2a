-- Version 3. Other languages, relations, saved searches, models and evaluations; inputs that arrive later than their call.
CREATE TABLE concept_language (rev INTEGER PRIMARY KEY, app INTEGER NOT NULL, concept INTEGER NOT NULL, language TEXT NOT NULL, name TEXT NOT NULL,
  folded TEXT NOT NULL, definition TEXT NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX concept_language_live ON concept_language (concept, language) WHERE died IS NULL;
CREATE INDEX concept_language_name ON concept_language (app, language, folded) WHERE died IS NULL;
CREATE INDEX concept_language_word ON concept_language (app, folded) WHERE died IS NULL;
-- What a concept carries beside its columns: image, keypoint_info, visibility, as JSON.
ALTER TABLE concept ADD COLUMN body TEXT;

-- `predicate` as it was sent: hypernym, hyponym or synonym. `graph` is the id of the knowledge graph, empty for the global one.
CREATE TABLE relation (rev INTEGER PRIMARY KEY, app INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, subject INTEGER NOT NULL, object INTEGER NOT NULL,
  predicate TEXT NOT NULL, graph TEXT NOT NULL, visibility INTEGER NOT NULL, created_at INTEGER NOT NULL, born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX relation_live ON relation (app, id) WHERE died IS NULL;
CREATE INDEX relation_page ON relation (app, key) WHERE died IS NULL;
CREATE INDEX relation_graph ON relation (app, graph, key) WHERE died IS NULL;
-- One for facts and for walking a graph, one for pages, from either side.
CREATE INDEX relation_subject ON relation (subject, graph, predicate, object) WHERE died IS NULL;
CREATE INDEX relation_object ON relation (object, graph, predicate, subject) WHERE died IS NULL;
CREATE INDEX relation_subject_page ON relation (subject, key) WHERE died IS NULL;
CREATE INDEX relation_object_page ON relation (object, key) WHERE died IS NULL;

CREATE TABLE knowledge_graph (rev INTEGER PRIMARY KEY, app INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL,
  examples_app_id TEXT NOT NULL, sampled_examples_app_id TEXT NOT NULL, created_at INTEGER NOT NULL, born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX knowledge_graph_live ON knowledge_graph (app, id) WHERE died IS NULL;

-- `kind`: 1 over inputs, 2 over annotations, 3 in the older form. `body` is the Search as sent.
CREATE TABLE search (rev INTEGER PRIMARY KEY, app INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL,
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX search_live ON search (app, id) WHERE died IS NULL;

CREATE TABLE annotation_filter (rev INTEGER PRIMARY KEY, app INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX annotation_filter_live ON annotation_filter (app, id) WHERE died IS NULL;

-- `body` is the message as sent, without what the columns hold.
CREATE TABLE model (rev INTEGER PRIMARY KEY, app INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, model_type_id TEXT NOT NULL, body TEXT NOT NULL,
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX model_live ON model (app, id) WHERE died IS NULL;
CREATE TABLE model_version (rev INTEGER PRIMARY KEY, app INTEGER NOT NULL, model INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, born INTEGER NOT NULL, died INTEGER);
CREATE UNIQUE INDEX model_version_live ON model_version (model, id) WHERE died IS NULL;
CREATE INDEX model_version_id ON model_version (app, id) WHERE died IS NULL;

-- Results are derived, so they are rows of their own and no revisions. `body` is EvalMetrics without the parts; each part
-- that a reply may leave out stands in `evaluation_part` by its name.
CREATE TABLE evaluation (key INTEGER PRIMARY KEY, app INTEGER NOT NULL, id TEXT NOT NULL, model_id TEXT NOT NULL, model_version_id TEXT NOT NULL, model_type_id TEXT NOT NULL,
  dataset_id TEXT NOT NULL, dataset_version_id TEXT NOT NULL, state INTEGER NOT NULL, details TEXT NOT NULL, body TEXT NOT NULL, summary TEXT, concepts TEXT,
  created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, UNIQUE (app, id));
CREATE INDEX evaluation_version ON evaluation (app, model_id, model_version_id);
CREATE TABLE evaluation_part (evaluation INTEGER NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (evaluation, name)) WITHOUT ROWID;

-- How an input's file fares is no revision: these columns change in place. `info` holds what a reader found out beside
-- width and height (format, seconds, frame rate, channels) as JSON.
ALTER TABLE input ADD COLUMN status INTEGER NOT NULL DEFAULT 30000;
ALTER TABLE input ADD COLUMN status_details TEXT NOT NULL DEFAULT '';
ALTER TABLE input ADD COLUMN info TEXT;
CREATE INDEX input_unready ON input (app, status, key) WHERE died IS NULL AND status <> 30000;
CREATE INDEX input_url ON input (app, url) WHERE died IS NULL AND url <> '';

-- Counters of the inputs that were sent under one `inputs_add_job_id`. `add_job_input` says to which
-- job an input belongs whose file has not arrived.
CREATE TABLE add_job (key INTEGER PRIMARY KEY, app INTEGER NOT NULL, id TEXT NOT NULL, pending INTEGER NOT NULL, in_progress INTEGER NOT NULL,
  success INTEGER NOT NULL, failed INTEGER NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, UNIQUE (app, id));
CREATE TABLE add_job_input (input INTEGER PRIMARY KEY, job INTEGER NOT NULL);

ALTER TABLE annotation ADD COLUMN task_id TEXT NOT NULL DEFAULT '';
ALTER TABLE annotation ADD COLUMN annotation_info TEXT;
ALTER TABLE annotation ADD COLUMN consensus_info TEXT;

-- Vectors of annotations, little-endian f32, for searches by likeness.
CREATE TABLE embedding (annotation INTEGER PRIMARY KEY, dimensions INTEGER NOT NULL, vector BLOB NOT NULL);

-- From a concept to what carries it.
CREATE INDEX label_concept ON label (concept, annotation);

-- A user's stars.
CREATE TABLE star (user_id TEXT NOT NULL, dataset INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (user_id, dataset)) WITHOUT ROWID;
CREATE INDEX star_dataset ON star (dataset);

-- Words of living datasets, folded, by the dataset's key: as stems, and as they are for beginnings of words. Triggers keep
-- them in step, so that they hold however a row came or went. Of metadata, keys and values are words.
CREATE VIRTUAL TABLE dataset_words USING fts5 (id, description, notes, metadata, tokenize = 'porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE dataset_beginnings USING fts5 (id, description, notes, metadata, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
CREATE VIEW dataset_text AS SELECT rev, key, fold(id) AS id, fold(description) AS description, fold(notes) AS notes,
  fold(coalesce((SELECT group_concat(iif(typeof(key) = 'text', key, '') || ' ' || coalesce(atom, ''), ' ') FROM json_tree(dataset.metadata)), '')) AS metadata FROM dataset;
INSERT INTO dataset_words (rowid, id, description, notes, metadata) SELECT t.key, t.id, t.description, t.notes, t.metadata FROM dataset_text t JOIN dataset d USING (rev) WHERE d.died IS NULL;
INSERT INTO dataset_beginnings (rowid, id, description, notes, metadata) SELECT rowid, id, description, notes, metadata FROM dataset_words;
CREATE TRIGGER dataset_born AFTER INSERT ON dataset WHEN new.died IS NULL BEGIN
  INSERT INTO dataset_words (rowid, id, description, notes, metadata) SELECT key, id, description, notes, metadata FROM dataset_text WHERE rev = new.rev;
  INSERT INTO dataset_beginnings (rowid, id, description, notes, metadata) SELECT key, id, description, notes, metadata FROM dataset_text WHERE rev = new.rev;
END;
CREATE TRIGGER dataset_revived AFTER UPDATE OF died ON dataset WHEN new.died IS NULL AND old.died IS NOT NULL BEGIN
  INSERT INTO dataset_words (rowid, id, description, notes, metadata) SELECT key, id, description, notes, metadata FROM dataset_text WHERE rev = new.rev;
  INSERT INTO dataset_beginnings (rowid, id, description, notes, metadata) SELECT key, id, description, notes, metadata FROM dataset_text WHERE rev = new.rev;
END;
CREATE TRIGGER dataset_died AFTER UPDATE OF died ON dataset WHEN new.died IS NOT NULL AND old.died IS NULL BEGIN
  DELETE FROM dataset_words WHERE rowid = old.key;
  DELETE FROM dataset_beginnings WHERE rowid = old.key;
END;
CREATE TRIGGER dataset_gone AFTER DELETE ON dataset WHEN old.died IS NULL BEGIN
  DELETE FROM dataset_words WHERE rowid = old.key;
  DELETE FROM dataset_beginnings WHERE rowid = old.key;
END;

-- Names are compared in their folded form, whose rules have changed.
UPDATE concept SET folded = fold(name);

ALTER TABLE app ADD COLUMN body TEXT NOT NULL DEFAULT '{}';
ALTER TABLE job ADD COLUMN notes TEXT NOT NULL DEFAULT '';

-- Versions: `body` is processing_info and embed_model_version_ids. A group's `parent` is the path it stands below.
ALTER TABLE dataset_version ADD COLUMN body TEXT NOT NULL DEFAULT '{}';
ALTER TABLE version_group ADD COLUMN parent TEXT NOT NULL DEFAULT '/';
ALTER TABLE export ADD COLUMN embeddings INTEGER NOT NULL DEFAULT 0;
CREATE INDEX export_blob ON export (sha256);

-- Files that a call has given up, to be removed once it is committed.
CREATE TABLE doomed_blob (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;

-- What searches over inputs go by: lists of living inputs in order, so that a page is read from its first row on and a
-- count is a walk of one index. Triggers keep them in step. `tag`: on which inputs a trusted annotation has a concept
-- on (`side` 1, from a value of one half) or off (0). `input_fact`: what an input's metadata, or that of a trusted
-- annotation of it, says; one row for each value with its path.
CREATE TABLE tag (concept INTEGER NOT NULL, side INTEGER NOT NULL, input INTEGER NOT NULL, PRIMARY KEY (concept, side, input)) WITHOUT ROWID;
CREATE VIEW tag_source AS SELECT l.concept, l.value >= 0.5 AS side, a.input, a.rev FROM annotation a INDEXED BY annotation_live JOIN label l ON l.annotation = a.rev WHERE a.died IS NULL AND a.trusted = 1;
INSERT OR IGNORE INTO tag SELECT concept, side, input FROM tag_source;
CREATE TRIGGER label_born AFTER INSERT ON label BEGIN
  INSERT OR IGNORE INTO tag SELECT new.concept, new.value >= 0.5, input FROM annotation WHERE rev = new.annotation AND died IS NULL AND trusted = 1;
END;
CREATE TRIGGER label_gone AFTER DELETE ON label BEGIN
  DELETE FROM tag WHERE concept = old.concept AND side = (old.value >= 0.5) AND input = (SELECT input FROM annotation WHERE rev = old.annotation)
    AND NOT EXISTS (SELECT 1 FROM tag_source s WHERE s.input = tag.input AND s.concept = tag.concept AND s.side = tag.side);
END;
CREATE TRIGGER annotation_died AFTER UPDATE OF died ON annotation WHEN new.died IS NOT NULL AND old.died IS NULL AND old.trusted = 1 BEGIN
  DELETE FROM tag WHERE concept IN (SELECT concept FROM label WHERE annotation = old.rev) AND side IN (0, 1) AND input = old.input
    AND NOT EXISTS (SELECT 1 FROM tag_source s WHERE s.input = tag.input AND s.concept = tag.concept AND s.side = tag.side);
END;
CREATE TRIGGER annotation_revived AFTER UPDATE OF died ON annotation WHEN new.died IS NULL AND old.died IS NOT NULL AND old.trusted = 1 BEGIN
  INSERT OR IGNORE INTO tag SELECT concept, value >= 0.5, old.input FROM label WHERE annotation = old.rev;
END;

-- With `died` in it, members are read from the index alone.
CREATE INDEX member_now ON member (dataset, input, died) WHERE died IS NULL;

CREATE TABLE input_fact (app INTEGER NOT NULL, fact TEXT NOT NULL, input INTEGER NOT NULL, PRIMARY KEY (app, fact, input)) WITHOUT ROWID;
CREATE VIEW input_says AS
  SELECT i.app, f.value AS fact, i.key AS input FROM input i, json_each(facts(i.metadata)) f WHERE i.died IS NULL AND i.metadata IS NOT NULL
  UNION ALL SELECT a.app, f.value, a.input FROM annotation a, json_each(facts(json_extract(a.rest, '$.metadata'))) f
    WHERE a.died IS NULL AND a.trusted = 1 AND instr(a.rest, '"metadata"');
INSERT OR IGNORE INTO input_fact SELECT app, fact, input FROM input_says;
CREATE TRIGGER input_facts_born AFTER INSERT ON input WHEN new.died IS NULL AND new.metadata IS NOT NULL BEGIN
  INSERT OR IGNORE INTO input_fact SELECT new.app, value, new.key FROM json_each(facts(new.metadata));
END;
CREATE TRIGGER input_facts_ended AFTER UPDATE OF died ON input WHEN old.metadata IS NOT NULL BEGIN
  DELETE FROM input_fact WHERE app = old.app AND input = old.key AND fact IN (SELECT value FROM json_each(facts(old.metadata)));
  INSERT OR IGNORE INTO input_fact SELECT app, fact, input FROM input_says WHERE input = old.key;
END;
CREATE TRIGGER input_facts_gone AFTER DELETE ON input WHEN old.died IS NULL AND old.metadata IS NOT NULL BEGIN
  DELETE FROM input_fact WHERE app = old.app AND input = old.key AND fact IN (SELECT value FROM json_each(facts(old.metadata)));
END;
CREATE TRIGGER annotation_facts_born AFTER INSERT ON annotation WHEN instr(new.rest, '"metadata"') AND new.died IS NULL AND new.trusted = 1 BEGIN
  INSERT OR IGNORE INTO input_fact SELECT new.app, value, new.input FROM json_each(facts(json_extract(new.rest, '$.metadata')));
END;
CREATE TRIGGER annotation_facts_ended AFTER UPDATE OF died ON annotation WHEN instr(old.rest, '"metadata"') AND old.trusted = 1 BEGIN
  DELETE FROM input_fact WHERE app = old.app AND input = old.input AND fact IN (SELECT value FROM json_each(facts(json_extract(old.rest, '$.metadata'))));
  INSERT OR IGNORE INTO input_fact SELECT app, fact, input FROM input_says WHERE input = old.input;
END;
CREATE TRIGGER annotation_facts_gone AFTER DELETE ON annotation WHEN instr(old.rest, '"metadata"') AND old.died IS NULL AND old.trusted = 1 BEGIN
  DELETE FROM input_fact WHERE app = old.app AND input = old.input AND fact IN (SELECT value FROM json_each(facts(json_extract(old.rest, '$.metadata'))));
  INSERT OR IGNORE INTO input_fact SELECT app, fact, input FROM input_says WHERE input = old.input;
END;
