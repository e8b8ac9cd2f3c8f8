-- A page of many cases or of a long run reads its own rows only: every order of the lists has an index that also holds
-- what the lists leave rows out by, so that rows of earlier pages are passed over without being read.
DROP INDEX test_cases_by_age;
CREATE INDEX test_cases_by_age ON test_cases (created_at, id, is_active);
CREATE INDEX test_cases_by_question ON test_cases (SUBSTR(LOWER(user_input), 1, 200), id, is_active);
CREATE INDEX test_cases_by_task_type ON test_cases (task_type, created_at DESC, id DESC, is_active);
CREATE INDEX evaluation_results_by_place ON evaluation_results (run_id, position, outcome);
CREATE INDEX evaluation_results_by_reward ON evaluation_results (run_id, reward, position, outcome);
CREATE INDEX evaluation_results_by_latency ON evaluation_results (run_id, latency_ms DESC, position, outcome);

-- A run as its events up to `seq` tell it, so that only later ones are read. It can always be made again.
CREATE TABLE run_views (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    view_json TEXT NOT NULL
);
