//! The Leptos application: pages, components, server functions.
