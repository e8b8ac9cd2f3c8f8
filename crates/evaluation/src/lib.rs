//! Scoring of transcripts, metrics over many, and the statistics that rank agents.
