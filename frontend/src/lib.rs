//! The browser's entry point: hydrate(), nothing else.
