//! The Leptos application: pages, components, server functions.
//!
//! The server renders every page whole; the browser hydrates it and goes on. No inline style and no inline script of
//! ours: the Content-Security-Policy forbids both. No clock and no randomness in the first render.

// The type of a page is the tree of its elements; releases compute its layout whole.
#![recursion_limit = "512"]

pub mod api;
pub mod chart;
pub mod components;
pub mod data;
pub mod error;
pub mod keyboard;
pub mod layout;
pub mod live;
pub mod pages;
pub mod present;
pub mod protocol;
pub mod query;
pub mod reader;
pub mod refresh;
pub mod request;
pub mod server_form;
#[cfg(feature = "ssr")]
pub mod ssr;
pub mod theme;

pub use pages::App;
#[cfg(feature = "ssr")]
pub use ssr::shell;
