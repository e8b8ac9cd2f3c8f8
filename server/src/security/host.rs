//! The Host allow-list: a page that made its own name point at this machine (DNS rebinding) gets nothing.

use super::Guard;
use crate::problem::Failure;
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, Response, StatusCode, Uri, header},
    middleware::Next,
    response::IntoResponse,
};
use std::{net::IpAddr, sync::Arc};

/// The names this server answers to. The port is not compared: rebinding changes the name only.
pub struct Hosts {
    names: Vec<String>,
    /// While listening on every address, any literal address is one of ours; only names can be rebound.
    any_address: bool,
}

impl Hosts {
    /// Loopback names, the address listened on, and what the operator listed.
    pub fn new(listening: IpAddr, listed: &[String]) -> Self {
        let own = match listening {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        let loopback = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
        let listed = listed.iter().map(|name| name.to_ascii_lowercase());
        Self {
            names: loopback.into_iter().chain([own]).chain(listed).collect(),
            any_address: listening.is_unspecified(),
        }
    }

    /// Whether `authority` (`name[:port]`) names this server.
    pub fn allows(&self, authority: &str) -> bool {
        let Some(name) = name_of(authority) else { return false };
        let is_address = name.trim_matches(['[', ']']).parse::<IpAddr>().is_ok();
        self.names.contains(&name) || (self.any_address && is_address)
    }
}

/// Lower-case name without the port; `None` when it is not `name[:port]`.
fn name_of(authority: &str) -> Option<String> {
    let end = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (name, rest) = (authority.get(..end)?, authority.get(end..)?);
    let port_is_fine = rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    (port_is_fine && !name.is_empty()).then(|| name.to_ascii_lowercase())
}

/// The authority a request names: its `Host` header, or its absolute URI (HTTP/2).
pub fn authority<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let header = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    header.or_else(|| uri.authority().map(|authority| authority.as_str()))
}

/// Refuses requests that name another server.
pub async fn check(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response<Body> {
    let named = [
        request.headers().get(header::HOST).map(|value| value.to_str().unwrap_or("?")),
        request.uri().authority().map(|authority| authority.as_str()),
    ];
    let mut named = named.into_iter().flatten().peekable();
    if named.peek().is_none() {
        return Failure::transport(StatusCode::BAD_REQUEST, "the request has no Host header").into_response();
    }
    if let Some(foreign) = named.find(|name| !guard.hosts.allows(name)) {
        let shown: String = foreign.chars().take(100).collect();
        let detail = format!("`{shown}` is not a name of this server; add it to ALLOWED_HOSTS if it should be");
        return Failure::transport(StatusCode::MISDIRECTED_REQUEST, detail).into_response();
    }
    drop(named);
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hosts: &Hosts, authority: &str, allowed: bool) {
        assert_eq!(hosts.allows(authority), allowed, "{authority}");
    }

    #[test]
    fn on_loopback_only_loopback_names_are_ours() {
        let hosts = Hosts::new([127, 0, 0, 1].into(), &[]);
        for name in ["localhost:8000", "LOCALHOST", "127.0.0.1:8000", "[::1]:8000", "[::1]"] {
            check(&hosts, name, true);
        }
        for name in ["evil.example", "localhost.evil.example:8000", "localhost:x", "192.168.1.5", "", "[::1", ":8000"] {
            check(&hosts, name, false);
        }
    }

    #[test]
    fn on_every_address_literal_addresses_are_ours_but_names_must_be_listed() {
        let hosts = Hosts::new([0, 0, 0, 0].into(), &["Chat.Example.com".to_owned()]);
        check(&hosts, "192.168.1.5:8000", true);
        check(&hosts, "[fe80::1]:8000", true);
        check(&hosts, "chat.example.com", true);
        check(&hosts, "evil.example", false);
    }
}
