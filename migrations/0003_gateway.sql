-- Calls of models and tools through the gateway. An empty `rollout` is a call that no rollout was named for; `seq` counts
-- within an attempt; `bytes` is what a row takes, for the bound on what is kept.
CREATE TABLE gateway_calls (
    id TEXT PRIMARY KEY NOT NULL,
    rollout TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    model TEXT NOT NULL,
    request_json TEXT NOT NULL,
    response_json TEXT,
    input_tokens BIGINT NOT NULL,
    output_tokens BIGINT NOT NULL,
    status BIGINT NOT NULL,
    error TEXT,
    bytes BIGINT NOT NULL,
    UNIQUE (rollout, attempt, seq)
);
CREATE INDEX gateway_calls_by_age ON gateway_calls (at, id, bytes);
