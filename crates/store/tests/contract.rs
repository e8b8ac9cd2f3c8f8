//! The contract of the store: every query, on both engines.
//!
//! SQLite runs always, in a file of its own per test. PostgreSQL runs when `TEST_DATABASE_URL` names a server, in a
//! schema of its own per test; with `REQUIRE_POSTGRES=1` a missing server fails the tests instead of leaving it out.

#[cfg(test)]
mod contract {
    mod added_tools;
    mod agents;
    mod case_uploads;
    mod conversations;
    mod documents;
    mod engines;
    mod evaluations;
    mod gateway_calls;
    mod jobs;
    mod judgements;
    mod messages;
    mod metrics;
    mod opening;
    mod providers;
    mod run_events;
    mod samples;
    mod sessions;
    mod test_cases;
    mod trainings;
}
