//! The one binary: configuration, command line, REST, WebSockets, pages.
