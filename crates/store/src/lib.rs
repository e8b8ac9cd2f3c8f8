//! The only SQL: one file per table, SQLite and PostgreSQL with one text.
