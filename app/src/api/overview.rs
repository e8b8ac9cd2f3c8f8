//! Server functions of the front page.
