//! Patterns of browser origins: `http://localhost:*`, `https://*.example.com`.
//!
//! A pattern is compared part by part (scheme, host, port), never as a prefix: `http://localhost.evil.example` must not
//! pass for `http://localhost:*`.

use std::{fmt, str::FromStr};

/// A set of origins, as `CORS_ORIGINS` lists them.
#[derive(Clone, PartialEq, Eq)]
pub struct OriginPattern {
    scheme: String,
    host: Host,
    port: Port,
}

#[derive(Clone, PartialEq, Eq)]
enum Host {
    Exact(String),
    /// Any name that ends in this (a dot and a name).
    Below(String),
}

#[derive(Clone, PartialEq, Eq)]
enum Port {
    Any,
    /// `None` = the scheme's own, which browsers leave out.
    Exact(Option<u16>),
}

impl OriginPattern {
    /// Any port of localhost, 127.0.0.1 and [::1], both schemes: the default while the server listens on loopback.
    pub fn loopback() -> Vec<Self> {
        ["http", "https"]
            .into_iter()
            .flat_map(|scheme| {
                ["localhost", "127.0.0.1", "[::1]"].map(|host| Self {
                    scheme: scheme.to_owned(),
                    host: Host::Exact(host.to_owned()),
                    port: Port::Any,
                })
            })
            .collect()
    }

    /// Whether `origin`, as a browser sends it, is in the set.
    pub fn allows(&self, origin: &str) -> bool {
        let Some((scheme, host, port)) = split(origin) else { return false };
        let host_fits = match &self.host {
            Host::Exact(name) => host == *name,
            Host::Below(suffix) => host.len() > suffix.len() && host.ends_with(suffix.as_str()),
        };
        let port_fits = match (&self.port, port) {
            (Port::Any, None) => true,
            (Port::Any, Some(text)) => text.parse::<u16>().is_ok(),
            (Port::Exact(own), None) => own.is_none(),
            (Port::Exact(own), Some(text)) => text.parse::<u16>().is_ok_and(|port| Some(port) == *own),
        };
        scheme == self.scheme && host_fits && port_fits
    }
}

/// `scheme://host[:port]`, lower case; `None` when anything else is there.
fn split(origin: &str) -> Option<(String, String, Option<&str>)> {
    let (scheme, authority) = origin.split_once("://")?;
    if authority.is_empty() || authority.contains(['/', '@', '?', '#', ' ', '\\']) {
        return None;
    }
    let end_of_host = if authority.starts_with('[') {
        authority.find(']')? + 1
    } else {
        authority.find(':').unwrap_or(authority.len())
    };
    let (host, rest) = (authority.get(..end_of_host)?, authority.get(end_of_host..)?);
    let port = match rest.strip_prefix(':') {
        Some(port) => Some(port),
        None if rest.is_empty() => None,
        None => return None,
    };
    Some((scheme.to_ascii_lowercase(), host.to_ascii_lowercase(), port))
}

impl FromStr for OriginPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || {
            "is not an origin; expected scheme://host:port, such as http://localhost:* or https://chat.example.com"
                .to_owned()
        };
        let (scheme, host, port) = split(text.trim_end_matches('/')).ok_or_else(expected)?;
        let scheme_known = matches!(scheme.as_str(), "http" | "https");
        let host = match host.strip_prefix('*') {
            Some(suffix) if suffix.starts_with('.') && !suffix.contains('*') => Host::Below(suffix.to_owned()),
            None if !host.is_empty() && !host.contains('*') => Host::Exact(host),
            _ => return Err("would let every site in; expected named hosts, such as https://*.example.com".into()),
        };
        let own_port = if scheme == "https" { 443 } else { 80 };
        let port = match port {
            None => Port::Exact(None),
            Some("*") => Port::Any,
            Some(digits) => Port::Exact(Some(digits.parse().map_err(|_| expected())?).filter(|port| *port != own_port)),
        };
        if scheme_known { Ok(Self { scheme, host, port }) } else { Err(expected()) }
    }
}

impl fmt::Debug for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = match &self.host {
            Host::Exact(name) => name.clone(),
            Host::Below(suffix) => format!("*{suffix}"),
        };
        let port = match self.port {
            Port::Any => ":*".to_owned(),
            Port::Exact(port) => port.map(|port| format!(":{port}")).unwrap_or_default(),
        };
        write!(f, "{}://{host}{port}", self.scheme)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, origin: &str, allowed: bool) {
        let parsed: OriginPattern = pattern.parse().unwrap();
        assert_eq!(parsed.allows(origin), allowed, "{pattern} against {origin}");
    }

    #[test]
    fn any_port_of_localhost_is_localhost_only() {
        check("http://localhost:*", "http://localhost:5173", true);
        check("http://localhost:*", "http://localhost", true);
        check("http://localhost:*", "https://localhost:5173", false);
        check("http://localhost:*", "http://localhost.evil.example", false);
        check("http://localhost:*", "http://localhost:80.evil.example", false);
        check("http://localhost:*", "http://evil.example/http://localhost:80", false);
        check("http://localhost:*", "http://localhost:80@evil.example", false);
        check("http://localhost:*", "null", false);
    }

    #[test]
    fn a_named_port_is_exact_and_the_schemes_own_may_be_left_out() {
        check("https://chat.example.com", "https://chat.example.com", true);
        check("https://chat.example.com:443", "https://chat.example.com", true);
        check("https://chat.example.com", "https://chat.example.com:8443", false);
        check("https://chat.example.com:8443", "https://chat.example.com:8443", true);
    }

    #[test]
    fn a_wildcard_host_means_names_below_it() {
        check("https://*.example.com", "https://a.example.com", true);
        check("https://*.example.com", "https://example.com", false);
        check("https://*.example.com", "https://a.badexample.com", false);
    }

    #[test]
    fn loopback_has_its_three_names() {
        let patterns = OriginPattern::loopback();
        for origin in ["http://localhost:5173", "http://127.0.0.1:1", "http://[::1]:3000", "https://localhost"] {
            assert!(patterns.iter().any(|pattern| pattern.allows(origin)), "{origin}");
        }
        assert!(!patterns.iter().any(|pattern| pattern.allows("http://localhost.evil.example")));
    }

    #[test]
    fn what_would_let_everyone_in_is_refused() {
        for text in ["*", "http://*", "http://*:*", "localhost:3000", "ftp://localhost"] {
            assert!(text.parse::<OriginPattern>().is_err(), "{text}");
        }
    }
}
