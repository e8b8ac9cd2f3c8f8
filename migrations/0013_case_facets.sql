-- How many cases there are of each suite, split, answer check and tag is counted in this index alone.
CREATE INDEX test_cases_by_kind ON test_cases (suite, split, task_type, tags_json, is_active);
