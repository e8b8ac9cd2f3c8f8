//! Identifiers: UUIDs on the wire, one type per thing so that they cannot be confused.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::from_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    /// An agent.
    AgentId,
    /// A conversation with one agent.
    ConversationId,
    /// A message of a conversation.
    MessageId,
    /// A recorded tool call.
    ToolCallId,
    /// A call that waits for a person to agree.
    ApprovalId,
    /// A vote between agents.
    VoteId,
    /// A test case.
    TestCaseId,
    /// An evaluation run or a training run; events are keyed by it.
    RunId,
    /// The result of one case in an evaluation run.
    ResultId,
    /// One recorded training episode.
    EpisodeId,
    /// A document of the offline search index.
    DocumentId,
    /// A model provider.
    ProviderId,
    /// A recorded call through the gateway.
    GatewayCallId,
    /// A metric that people wrote.
    MetricId,
    /// A tool that people added.
    AddedToolId,
}
