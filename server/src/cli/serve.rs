//! `rl-chatbot serve`: the application until a signal says stop; then it drains within a grace time.

use super::{Outcome, start, terminal};
use crate::config::{Config, Exposure};
use axum::serve::ListenerExt;
use clap::Args;
use service::Service;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Longest wait for requests at work, and again for runs to be put down.
const GRACE: Duration = Duration::from_secs(8);

/// How to serve.
#[derive(Args, Default)]
pub struct Arguments {
    /// Address to listen on, instead of HOST.
    #[arg(long)]
    host: Option<IpAddr>,
    /// Port to listen on, instead of PORT; 0 lets the system choose.
    #[arg(long)]
    port: Option<u16>,
    /// Listen beyond loopback without a token: everyone who can reach the port may do everything.
    #[arg(long)]
    unsafe_no_auth: bool,
}

/// Serves until told to stop.
pub async fn run(mut config: Config, arguments: Arguments) -> Outcome {
    config.host = arguments.host.unwrap_or(config.host);
    config.port = arguments.port.unwrap_or(config.port);
    if arguments.unsafe_no_auth {
        config.exposure = Exposure::UnsafeNoAuth;
    }
    config.check_exposure()?;
    if !config.host.is_loopback() && config.api_token.is_none() {
        tracing::warn!(host = %config.host, "listening beyond loopback without authentication, as --unsafe-no-auth says");
    }
    let listener = listen(SocketAddr::new(config.host, config.port)).await?;
    let address = listener.local_addr().map_err(|error| format!("the port is gone: {error}"))?;
    let service = start(&config).await?;
    service.listens_at(address);
    let draining = CancellationToken::new();
    let application = crate::application(service.clone(), config, draining.clone());
    terminal::say(&format!("RL Chatbot is at http://{}", shown(address)));
    drain_on_signal(draining.clone());
    serve(listener, application, draining).await?;
    put_down(&service).await
}

/// Listens on a free port of loopback beside a command: agents of the Python worker reach their model and tools there.
/// Whoever else asks needs a token that nobody is told.
pub async fn beside(service: &Service, config: &Config) -> Outcome {
    let listener = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    service.listens_at(listener.local_addr().map_err(|error| format!("the port is gone: {error}"))?);
    let mut config = config.clone();
    config.host = Ipv4Addr::LOCALHOST.into();
    config.api_token = Some(format!("{}{}", Uuid::now_v7(), Uuid::now_v7()));
    let draining = CancellationToken::new();
    let application = crate::application(service.clone(), config, draining.clone());
    tokio::spawn(serve(listener, application, draining));
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            format!("port {} is in use; stop the other program, or choose another with PORT or --port", address.port())
        }
        _ => format!("cannot listen on {address}: {error}"),
    })
}

async fn serve(listener: TcpListener, application: axum::Router, draining: CancellationToken) -> Outcome {
    let listener = listener.tap_io(|connection| {
        // Frames of a chat are small: they must not wait for each other.
        let _ = connection.set_nodelay(true);
    });
    let service = application.into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, service).with_graceful_shutdown(draining.clone().cancelled_owned());
    let grace_is_over = async {
        draining.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = server => served.map_err(|error| format!("serving failed: {error}")),
        () = grace_is_over => {
            tracing::warn!("requests at work were cut off when the grace time ended");
            Ok(())
        }
    }
}

async fn put_down(service: &Service) -> Outcome {
    match tokio::time::timeout(GRACE, service.shutdown()).await {
        Ok(closed) => closed.map_err(|error| terminal::explained(&error)),
        Err(_) => Err("runs could not be put down within the grace time; they can be resumed at the next start".into()),
    }
}

/// The first signal drains, the second ends the process at once.
fn drain_on_signal(draining: CancellationToken) {
    tokio::spawn(async move {
        signalled().await;
        tracing::info!("stopping; once more to stop at once");
        draining.cancel();
        signalled().await;
        std::process::exit(130);
    });
}

async fn signalled() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut terminate), Ok(mut interrupt)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            return;
        }
    }
    // Without signal handlers only the interrupt of the terminal is left; without that, the process runs until killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// The address as a person opens it.
fn shown(address: SocketAddr) -> String {
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    }
}
