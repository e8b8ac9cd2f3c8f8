//! Every use case once: agents, chat, cases, runs, jobs and the event log.
