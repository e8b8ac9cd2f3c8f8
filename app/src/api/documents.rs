//! Server functions of documents of the offline search index.
