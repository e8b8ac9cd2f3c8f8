//! The way out: requests to addresses that a model, a form or the operator names.
//!
//! A name is resolved here, addresses that must not be reached are taken out, and the connection goes to what is left: there
//! is no second look-up that could answer otherwise. Redirects are followed by hand, each checked like the first address.
//! Size and time are bounded. Proxies of the environment are not used, for they would do the look-up themselves.

mod place;

pub use place::Reach;

use place::permitted;
use reqwest::{
    Client, Method, StatusCode, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{CONTENT_TYPE, HeaderMap, LOCATION},
    redirect::Policy,
};
use std::{error::Error, net::IpAddr, sync::Arc, time::Duration};

/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Most redirects that are followed.
const REDIRECTS_MAX: usize = 5;

/// A client that reaches only what it may.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    reach: Reach,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// How.
    pub method: Method,
    /// Where.
    pub url: Url,
    /// With these headers; they are not sent on to another origin.
    pub headers: HeaderMap,
    /// And this body.
    pub body: Option<String>,
}

/// How long a whole exchange may take, and how much of the answer is read.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Longest time.
    pub timeout: Duration,
    /// Most bytes of the answer.
    pub bytes_max: usize,
}

/// What was answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// From where, after redirects.
    pub url: Url,
    /// The `Content-Type`, or nothing.
    pub content_type: String,
    /// The body, as far as it was read.
    pub body: Vec<u8>,
    /// Whether the body was longer.
    pub is_cut: bool,
}

impl Ask {
    /// `GET` of an address.
    pub fn get(url: Url) -> Self {
        Self { method: Method::GET, url, headers: HeaderMap::new(), body: None }
    }
}

impl Outbound {
    /// A client that reaches as far as `reach` says.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new(reach: Reach) -> Result<Self, String> {
        // An error means that another part of the process installed one before: just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(resolver(reach)))
            .user_agent(concat!("rl-chatbot/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { client: client.map_err(|error| format!("HTTP client: {error}"))?, reach })
    }

    /// The client, for protocols that make their requests themselves. Addresses are to be [checked](Outbound::check) before.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// Whether an address may be asked, as far as it can be told without looking up its name.
    ///
    /// # Errors
    /// Why not, and what would be right.
    pub fn check(&self, url: &Url) -> Result<(), String> {
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(format!("`{}:` is no web address, expected one that begins with https://", url.scheme()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the address holds a user name or a password, expected one without".into());
        }
        if within(url, self.reach) { Ok(()) } else { Err(refusal(url.host_str().unwrap_or_default(), self.reach)) }
    }

    /// Asks, follows redirects of `GET`, and reads the answer, whatever its status.
    ///
    /// # Errors
    /// An address that may not be asked, no connection, a broken or slow answer; in words without the address' query.
    pub async fn send(&self, ask: Ask, bounds: Bounds) -> Result<Answer, String> {
        let answered = tokio::time::timeout(bounds.timeout, self.follow(ask, bounds.bytes_max)).await;
        answered.map_err(|_| format!("no whole answer within {} s", bounds.timeout.as_secs_f64()))?
    }

    async fn follow(&self, mut ask: Ask, bytes_max: usize) -> Result<Answer, String> {
        for _ in 0..=REDIRECTS_MAX {
            self.check(&ask.url)?;
            let mut request = self.client.request(ask.method.clone(), ask.url.clone()).headers(ask.headers.clone());
            if let Some(body) = &ask.body {
                request = request.body(body.clone());
            }
            let response = request.send().await.map_err(|error| told(&error))?;
            let Some(next) = redirected(&response) else { return read(response, bytes_max).await };
            let next = ask.url.join(&next).map_err(|_| "it redirects to what is no web address".to_owned())?;
            if ask.method != Method::GET {
                return Err(format!("it redirects to {}, which is not followed for {}", shown(&next), ask.method));
            }
            if next.origin() != ask.url.origin() {
                ask.headers.clear();
            }
            ask.url = next;
        }
        Err(format!("it redirects more than {REDIRECTS_MAX} times"))
    }
}

/// A resolver that answers only with addresses within `reach`, for clients of one's own.
pub fn resolver(reach: Reach) -> impl Resolve + 'static {
    Resolver { reach }
}

/// Whether an address that is written as numbers lies within `reach`; names are looked up when they are asked.
pub fn within(url: &Url, reach: Reach) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).parse::<IpAddr>();
    host.map_or(true, |address| permitted(address, reach))
}

/// An address without its query, user and password, which nobody else should read.
pub fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Only addresses that have none cannot be given one.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
}

struct Resolver {
    reach: Reach,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let kept: Vec<_> = found.filter(|address| permitted(address.ip(), reach)).collect();
            if kept.is_empty() {
                return Err(refusal(name.as_str(), reach).into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

fn refusal(host: &str, reach: Reach) -> String {
    match reach {
        Reach::Public => format!("{host} is not on the public internet, and may not be asked"),
        Reach::Private => format!("{host} is an address of this machine's own surroundings that is never asked"),
    }
}

fn redirected(response: &reqwest::Response) -> Option<String> {
    let follows = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let to = response.headers().get(LOCATION).filter(|_| follows)?;
    Some(String::from_utf8_lossy(to.as_bytes()).into_owned())
}

async fn read(mut response: reqwest::Response, bytes_max: usize) -> Result<Answer, String> {
    let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut answer = Answer {
        status: response.status(),
        url: response.url().clone(),
        content_type: content_type.unwrap_or_default().to_owned(),
        body: Vec::new(),
        is_cut: false,
    };
    while let Some(chunk) = response.chunk().await.map_err(|error| told(&error))? {
        let room = bytes_max - answer.body.len();
        answer.is_cut = chunk.len() > room;
        answer.body.extend_from_slice(chunk.get(..room.min(chunk.len())).unwrap_or_default());
        if answer.is_cut {
            break;
        }
    }
    Ok(answer)
}

/// The innermost cause, which says most and repeats no address.
fn told(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let what = if error.is_connect() { "no connection" } else { "no answer" };
    format!("{what}: {cause}")
}

#[cfg(test)]
mod tests;
