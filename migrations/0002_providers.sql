-- Model providers that people added in the settings; those of the environment are not stored. `api_key` is never read
-- out through an interface.
CREATE TABLE providers (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    base_url TEXT NOT NULL,
    api_key TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT
);
