-- Every table of the first version, in SQL that SQLite and PostgreSQL both read: TEXT (ids, JSON, names and words),
-- BIGINT (counts, milliseconds since 1970 UTC, 0/1 flags) and DOUBLE PRECISION. Forward only; never edited once landed.

CREATE TABLE agents (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT,
    agent_type TEXT NOT NULL,
    model TEXT NOT NULL,
    temperature DOUBLE PRECISION NOT NULL,
    system_prompt TEXT,
    config_json TEXT,
    is_active BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT
);
CREATE INDEX agents_by_age ON agents (created_at, id);

-- `message_count` is also the counter from which messages take their `sequence_num`.
CREATE TABLE conversations (
    id TEXT PRIMARY KEY NOT NULL,
    agent_id TEXT NOT NULL REFERENCES agents (id),
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    metadata_json TEXT,
    message_count BIGINT NOT NULL
);
CREATE INDEX conversations_by_age ON conversations (started_at, id);
CREATE INDEX conversations_by_agent ON conversations (agent_id, started_at, id);

CREATE TABLE messages (
    id TEXT PRIMARY KEY NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    role TEXT NOT NULL,
    content TEXT NOT NULL,
    sequence_num BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (conversation_id, sequence_num)
);

CREATE TABLE tool_calls (
    id TEXT PRIMARY KEY NOT NULL,
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    tool_name TEXT NOT NULL,
    arguments_json TEXT,
    result TEXT,
    duration_ms BIGINT,
    is_error BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (message_id, position)
);

-- `search_text`: question, expected answer, name and suite in lower case (SQLite's LOWER knows only ASCII).
CREATE TABLE test_cases (
    id TEXT PRIMARY KEY NOT NULL,
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
    search_text TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX test_cases_by_age ON test_cases (created_at, id);

-- What evaluation runs and training runs share: one id, and the counter from which events take their `seq`.
CREATE TABLE runs (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL,
    event_count BIGINT NOT NULL
);

CREATE TABLE evaluation_runs (
    id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    agent_id TEXT NOT NULL REFERENCES agents (id),
    state TEXT NOT NULL,
    num_test_cases BIGINT NOT NULL,
    test_case_ids_json TEXT NOT NULL,
    aggregate_metrics_json TEXT,
    started_at BIGINT NOT NULL,
    completed_at BIGINT,
    error TEXT
);
CREATE INDEX evaluation_runs_by_age ON evaluation_runs (started_at, id);
CREATE INDEX evaluation_runs_by_agent ON evaluation_runs (agent_id, started_at, id);

CREATE TABLE evaluation_results (
    id TEXT PRIMARY KEY NOT NULL,
    run_id TEXT NOT NULL REFERENCES evaluation_runs (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    test_case_id TEXT NOT NULL REFERENCES test_cases (id),
    task_success DOUBLE PRECISION NOT NULL,
    tool_usage_efficiency DOUBLE PRECISION NOT NULL,
    response_quality DOUBLE PRECISION NOT NULL,
    reward DOUBLE PRECISION NOT NULL,
    scored_json TEXT NOT NULL,
    outcome TEXT NOT NULL,
    checks_json TEXT NOT NULL,
    user_input TEXT NOT NULL,
    response_text TEXT,
    tool_calls_json TEXT,
    latency_ms BIGINT NOT NULL,
    error TEXT,
    UNIQUE (run_id, position)
);

CREATE TABLE training_runs (
    id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    agent_id TEXT NOT NULL REFERENCES agents (id),
    state TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    num_episodes BIGINT NOT NULL,
    config_json TEXT NOT NULL,
    held_out_before DOUBLE PRECISION,
    held_out_after DOUBLE PRECISION,
    started_at BIGINT NOT NULL,
    completed_at BIGINT,
    error TEXT
);
CREATE INDEX training_runs_by_age ON training_runs (started_at, id);
CREATE INDEX training_runs_by_agent ON training_runs (agent_id, started_at, id);

CREATE TABLE training_episodes (
    id TEXT PRIMARY KEY NOT NULL,
    run_id TEXT NOT NULL REFERENCES training_runs (id) ON DELETE CASCADE,
    episode_num BIGINT NOT NULL,
    avg_reward DOUBLE PRECISION NOT NULL,
    total_reward DOUBLE PRECISION NOT NULL,
    num_test_cases BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (run_id, episode_num)
);
-- Lists of runs read counts and means of `avg_reward` from this index alone.
CREATE INDEX training_episodes_by_reward ON training_episodes (run_id, episode_num, avg_reward);

CREATE TABLE run_events (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind_json TEXT NOT NULL,
    PRIMARY KEY (run_id, seq)
);

-- A row lives from enqueueing to the end of the work: `queued`, then `claimed` by a worker until its lease ends.
CREATE TABLE jobs (
    run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    worker TEXT,
    leased_until BIGINT,
    enqueued_at BIGINT NOT NULL
);
CREATE INDEX jobs_by_age ON jobs (state, enqueued_at, run_id);

CREATE TABLE documents (
    id TEXT PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX documents_by_age ON documents (created_at, id);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY NOT NULL,
    data TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
