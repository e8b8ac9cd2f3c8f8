-- What a person says of a result: passed or not, kept beside the machine's verdict, and whether the key of the case is
-- wrong. No reference to the result: an answer that is asked again is another result.
CREATE TABLE result_reviews (
    result_id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES evaluation_runs (id) ON DELETE CASCADE,
    test_case_id TEXT NOT NULL,
    case_version BIGINT NOT NULL,
    verdict TEXT,
    disputed BIGINT NOT NULL,
    comment TEXT NOT NULL,
    reviewed_at BIGINT NOT NULL
);

CREATE INDEX result_reviews_by_run ON result_reviews (run_id);
CREATE INDEX result_reviews_by_case ON result_reviews (test_case_id);
CREATE INDEX result_reviews_disputed ON result_reviews (disputed, reviewed_at);
