-- Files of test cases between their preview and their import.
CREATE TABLE case_uploads (
    token TEXT PRIMARY KEY NOT NULL,
    options_json TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
