//! Who may do what, decided before any handler runs: names, origins, tokens, sizes, headers.
//!
//! Order, outermost first: host, CORS, origin, body, session, token. Each layer answers a problem and says what would be
//! right; none of them knows a resource.

pub mod body;
pub mod headers;
pub mod host;
pub mod login;
pub mod origin;
pub mod token;

use crate::config::Config;
use host::Hosts;
use login::Attempts;
use origin::Origins;
use token::Token;

/// What the layers decide by.
pub struct Guard {
    hosts: Hosts,
    origins: Origins,
    token: Option<Token>,
    gateway_key: Token,
    attempts: Attempts,
}

impl Guard {
    /// As configured; `gateway_key` opens the gateway only.
    pub fn new(config: &Config, gateway_key: &str) -> Self {
        Self {
            hosts: Hosts::new(config.host, &config.allowed_hosts),
            origins: Origins::new(config.origins()),
            token: config.api_token.as_deref().map(Token::new),
            gateway_key: Token::new(gateway_key),
            attempts: Attempts::new(),
        }
    }

    /// Which browser origins may use the API.
    pub fn origins(&self) -> &Origins {
        &self.origins
    }
}
