-- What a case says beyond its plain fields, as JSON; which version of itself it is; and the versions before.
ALTER TABLE test_cases ADD COLUMN more_json TEXT;
ALTER TABLE test_cases ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

CREATE TABLE test_case_versions (
    id TEXT NOT NULL REFERENCES test_cases (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    name TEXT,
    user_input TEXT NOT NULL,
    expected_output TEXT,
    expected_tools_json TEXT,
    task_type TEXT NOT NULL,
    is_active BIGINT NOT NULL,
    expected_calls_json TEXT,
    external_id TEXT,
    suite TEXT,
    tags_json TEXT NOT NULL,
    weight DOUBLE PRECISION NOT NULL,
    split TEXT,
    tolerance DOUBLE PRECISION,
    more_json TEXT,
    version BIGINT NOT NULL,
    PRIMARY KEY (id, version)
);

-- A run is over samples: `test_case_ids_json` names the case of each, a case several times where it is asked several times,
-- and `case_versions_json` its version (null: the first ones). `options_json`: what else was asked for at the start.
ALTER TABLE evaluation_runs ADD COLUMN case_versions_json TEXT;
ALTER TABLE evaluation_runs ADD COLUMN options_json TEXT;

-- `usage_json`: tokens and cost. `metrics_json`: further metrics by name. `turns_json`: each turn, where a case has several.
ALTER TABLE evaluation_results ADD COLUMN case_version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE evaluation_results ADD COLUMN usage_json TEXT;
ALTER TABLE evaluation_results ADD COLUMN metrics_json TEXT;
ALTER TABLE evaluation_results ADD COLUMN turns_json TEXT;
