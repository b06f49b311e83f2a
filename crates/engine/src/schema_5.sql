-- Version 5. Evaluations with all their figures: test sets, and predictions that are found by their model version.

-- The test set of an evaluation in pieces, from 1 on, as `formats::test_set` writes them: so a page reads one without the others,
-- and figures come out of it as they went in.
CREATE TABLE evaluation_set (evaluation INTEGER NOT NULL, page INTEGER NOT NULL, inputs INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (evaluation, page)) WITHOUT ROWID;

-- The version that froze the predictions; none of evaluations that are older.
ALTER TABLE evaluation ADD COLUMN predictions INTEGER;

-- Predictions of a model version.
CREATE INDEX annotation_predicted ON annotation (model_version_id, input) WHERE died IS NULL AND model_version_id <> '';
