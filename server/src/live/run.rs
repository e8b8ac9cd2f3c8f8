//! What happens in a run, as progress frames of the contract or as events.

use super::{
    UNKNOWN,
    outbox::{Gone, Outbox},
};
use crate::state::AppState;
use axum::extract::ws::{Message, WebSocket, close_code};
use futures::{Stream, StreamExt, stream::SplitStream};
use serde::Serialize;
use service::{EventStream, Service};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use types::{Error, Event, RunId, RunKind, RunView};

/// How often a quiet client is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(30);

/// What makes progress frames of one kind of run.
pub struct Progress<N, F> {
    /// Which kind.
    pub kind: RunKind,
    /// The present frame.
    pub now: N,
    /// The frame of a view.
    pub frame: fn(RunId, &RunView) -> F,
    /// Whether it is the last.
    pub ended: fn(&F) -> bool,
}

/// Why a socket ends.
enum End {
    Finished,
    Unknown,
    Draining,
    Failed,
    ClientGone,
}

impl From<Gone> for End {
    fn from(Gone: Gone) -> Self {
        Self::ClientGone
    }
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound(_) => Self::Unknown,
            other => {
                tracing::error!(cause = ?other, "a run could not be followed");
                Self::Failed
            }
        }
    }
}

/// Sends the present state, then every change, then closes.
pub async fn progress<N, A, F>(socket: WebSocket, state: AppState, run: Option<RunId>, progress: Progress<N, F>)
where
    N: Fn(Service, RunId) -> A,
    A: Future<Output = Result<F, Error>>,
    F: Serialize + PartialEq,
{
    let (sink, stream) = socket.split();
    let mut outbox = Outbox::new(sink);
    let end = match run {
        Some(run) => follow_progress(&mut outbox, Client::new(stream, &state), &state.service, run, &progress).await,
        None => End::Unknown,
    };
    close(outbox, end).await;
}

/// Sends the events after `after`, stored ones first, then closes.
pub async fn events(socket: WebSocket, state: AppState, run: RunId, after: i64) {
    let (sink, stream) = socket.split();
    let mut outbox = Outbox::new(sink);
    let end = match state.service.run_subscribe(run, after).await {
        Ok(events) => follow_events(&mut outbox, Client::new(stream, &state), events).await,
        Err(error) => error.into(),
    };
    close(outbox, end).await;
}

async fn follow_progress<N, A, F>(
    outbox: &mut Outbox,
    mut client: Client<impl Stream<Item = Result<Message, axum::Error>> + Unpin>,
    service: &Service,
    run: RunId,
    progress: &Progress<N, F>,
) -> End
where
    N: Fn(Service, RunId) -> A,
    A: Future<Output = Result<F, Error>>,
    F: Serialize + PartialEq,
{
    let outcome: Result<End, End> = async {
        if service.run_kind(run).await? != progress.kind {
            return Err(End::Unknown);
        }
        let mut last = (progress.now)(service.clone(), run).await?;
        let mut view = service.run_view(run).await?;
        outbox.frame(&last).await?;
        if (progress.ended)(&last) {
            return Ok(End::Finished);
        }
        // Whatever happened between the two looks is in the view, so the stream goes on from there.
        let mut events = service.run_subscribe(run, view.seq).await?;
        let mut ended = view.state.is_ended();
        while !ended {
            let Some(event) = client.next_of(&mut events, outbox).await? else { return Err(client.stream_ended()) };
            view.apply(&event);
            let frame = (progress.frame)(run, &view);
            ended = (progress.ended)(&frame);
            if frame != last && !ended {
                outbox.frame(&frame).await?;
                last = frame;
            }
        }
        outbox.frame(&(progress.now)(service.clone(), run).await?).await?;
        Ok(End::Finished)
    }
    .await;
    outcome.unwrap_or_else(|end| end)
}

async fn follow_events(
    outbox: &mut Outbox,
    mut client: Client<impl Stream<Item = Result<Message, axum::Error>> + Unpin>,
    mut events: EventStream,
) -> End {
    loop {
        match client.next_of(&mut events, outbox).await {
            Ok(Some(event)) => match outbox.frame(&event).await {
                Ok(()) => {}
                Err(Gone) => return End::ClientGone,
            },
            Ok(None) => return client.stream_ended(),
            Err(end) => return end,
        }
    }
}

/// The receiving half: it says nothing we need, but it tells when the client leaves.
struct Client<S> {
    stream: S,
    draining: CancellationToken,
    pings: tokio::time::Interval,
}

impl Client<SplitStream<WebSocket>> {
    fn new(stream: SplitStream<WebSocket>, state: &AppState) -> Self {
        let mut pings = tokio::time::interval(PING_EVERY);
        pings.reset();
        Self { stream, draining: state.draining.clone(), pings }
    }
}

impl<S: Stream<Item = Result<Message, axum::Error>> + Unpin> Client<S> {
    /// What it means that there are no more events.
    fn stream_ended(&self) -> End {
        if self.draining.is_cancelled() { End::Draining } else { End::Finished }
    }

    /// The next event, unless the client leaves or the process drains before it comes.
    async fn next_of(&mut self, events: &mut EventStream, outbox: &mut Outbox) -> Result<Option<Event>, End> {
        loop {
            tokio::select! {
                event = events.next() => return Ok(event),
                said = self.stream.next() => match said {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(End::ClientGone),
                    Some(Ok(_)) => {}
                },
                _ = self.pings.tick() => outbox.ping().await?,
                () = self.draining.cancelled() => return Err(End::Draining),
            }
        }
    }
}

async fn close(outbox: Outbox, end: End) {
    match end {
        End::Finished => outbox.close(close_code::NORMAL, "the run has ended").await,
        End::Unknown => outbox.close(UNKNOWN, "there is no such run").await,
        End::Draining => outbox.close(close_code::AWAY, "the server is going down").await,
        End::Failed => outbox.close(close_code::ERROR, "internal error").await,
        End::ClientGone => {}
    }
}
