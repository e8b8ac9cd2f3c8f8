-- How many cases of a run are at work at once.
ALTER TABLE evaluation_runs ADD COLUMN concurrency BIGINT NOT NULL DEFAULT 8;
