//! What lists have in common: `skip` and `limit` in, a bare array and `X-Total-Count` out.

use crate::extract::query_flag;
use axum::{
    Json,
    http::{HeaderName, HeaderValue},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use types::{
    Activity, AgentFilter, AgentId, CallKind, CaseQuery, CaseSort, Error, GatewayCallQuery, Page, Paged, ResultQuery,
    ResultShow, ResultSort, Split, Timestamp,
};
use utoipa::IntoParams;

/// Most rows of one page; a greater `limit` answers this many, and `X-Total-Count` says how many there are.
pub const LIMIT_MAX: u32 = 1000;

/// Header with the number of rows over all pages.
pub const TOTAL_COUNT: HeaderName = HeaderName::from_static("x-total-count");

const fn limit_default() -> u32 {
    100
}

const fn yes() -> bool {
    true
}

fn page(skip: u32, limit: u32) -> Page {
    Page { skip, limit: limit.min(LIMIT_MAX) }
}

fn activity(active_only: bool) -> Activity {
    if active_only { Activity::Active } else { Activity::All }
}

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Rows passed over.
    #[serde(default)]
    #[param(default = 0)]
    skip: u32,
    /// Rows answered, at most 1000.
    #[serde(default = "limit_default")]
    #[param(default = 100, maximum = 1000)]
    limit: u32,
}

impl PageQuery {
    /// The page asked for.
    pub fn page(&self) -> Page {
        page(self.skip, self.limit)
    }
}

/// Which reviews of results, beside which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReviewsQuery {
    /// Only where the key of the case is disputed.
    #[serde(default, deserialize_with = "query_flag")]
    #[param(default = false)]
    pub disputed: bool,
}

/// Which agents.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AgentsQuery {
    /// Rows passed over.
    #[serde(default)]
    #[param(default = 0)]
    skip: u32,
    /// Rows answered, at most 1000.
    #[serde(default = "limit_default")]
    #[param(default = 100, maximum = 1000)]
    limit: u32,
    /// Leave deleted ones out.
    #[serde(default = "yes", deserialize_with = "query_flag")]
    #[param(default = true)]
    active_only: bool,
    /// Only agents of this type.
    agent_type: Option<String>,
}

impl AgentsQuery {
    /// The page asked for.
    pub fn page(&self) -> Page {
        page(self.skip, self.limit)
    }

    /// Which agents are asked for.
    pub fn filter(self) -> AgentFilter {
        AgentFilter { activity: activity(self.active_only), agent_type: self.agent_type }
    }
}

/// Which rows, of one agent or of all.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OfAgentQuery {
    /// Only of this agent.
    pub agent_id: Option<AgentId>,
    /// Rows passed over.
    #[serde(default)]
    #[param(default = 0)]
    skip: u32,
    /// Rows answered, at most 1000.
    #[serde(default = "limit_default")]
    #[param(default = 100, maximum = 1000)]
    limit: u32,
}

impl OfAgentQuery {
    /// The page asked for.
    pub fn page(&self) -> Page {
        page(self.skip, self.limit)
    }
}

/// Which conversations.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ConversationsQuery {
    /// Only with this agent.
    pub agent_id: Option<AgentId>,
    /// Rows passed over.
    #[serde(default)]
    #[param(default = 0)]
    skip: u32,
    /// Rows answered, at most 1000.
    #[serde(default = "limit_default")]
    #[param(default = 100, maximum = 1000)]
    limit: u32,
    /// Only conversations whose title or messages contain this.
    pub search: Option<String>,
}

impl ConversationsQuery {
    /// The page asked for.
    pub fn page(&self) -> Page {
        page(self.skip, self.limit)
    }
}

/// Which test cases.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CasesQuery {
    /// Rows passed over.
    #[serde(default)]
    #[param(default = 0)]
    skip: u32,
    /// Rows answered, at most 1000.
    #[serde(default = "limit_default")]
    #[param(default = 100, maximum = 1000)]
    limit: u32,
    /// Leave deleted ones out.
    #[serde(default = "yes", deserialize_with = "query_flag")]
    #[param(default = true)]
    active_only: bool,
    /// Only cases whose question, expected answer, name or suite contains this.
    search: Option<String>,
    /// `newest` (the default), `oldest`, `question` or `task_type`.
    #[serde(default)]
    #[param(value_type = String, default = "newest")]
    sort: CaseSort,
    /// Only cases of this suite.
    suite: Option<String>,
    /// Only cases of this split: `train`, `dev` or `test`.
    #[param(value_type = Option<String>)]
    split: Option<Split>,
    /// Only cases with this tag.
    tag: Option<String>,
    /// Only cases that are compared by this answer check.
    task_type: Option<String>,
}

impl From<CasesQuery> for CaseQuery {
    fn from(query: CasesQuery) -> Self {
        Self {
            page: page(query.skip, query.limit),
            activity: activity(query.active_only),
            search: query.search,
            sort: query.sort,
            suite: query.suite,
            split: query.split,
            tag: query.tag,
            task_type: query.task_type,
        }
    }
}

/// Which results of a run.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ResultsQuery {
    /// Rows passed over.
    #[serde(default)]
    #[param(default = 0)]
    skip: u32,
    /// Rows answered, at most 1000.
    #[serde(default = "limit_default")]
    #[param(default = 100, maximum = 1000)]
    limit: u32,
    /// `all` (the default), `failures` or `errors`.
    #[serde(default)]
    #[param(value_type = String, default = "all")]
    show: ResultShow,
    /// `case` (the default), `reward` (lowest first) or `latency` (longest first).
    #[serde(default)]
    #[param(value_type = String, default = "case")]
    sort: ResultSort,
    /// Only of cases of this group, as `suite:airline`, `split:test`, `tag:short` or `task_type:numeric`; nothing after the
    /// colon = cases that have none.
    within: Option<String>,
}

impl TryFrom<ResultsQuery> for ResultQuery {
    type Error = Error;

    fn try_from(query: ResultsQuery) -> Result<Self, Error> {
        let within = query.within.as_deref().map(str::parse).transpose();
        let within = within.map_err(|refused| Error::Fields(vec![refused]))?;
        Ok(Self { page: page(query.skip, query.limit), show: query.show, sort: query.sort, within })
    }
}

/// Which calls through the gateway.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct TrajectoriesQuery {
    /// Rows passed over.
    #[serde(default)]
    #[param(default = 0)]
    skip: u32,
    /// Rows answered, at most 1000.
    #[serde(default = "limit_default")]
    #[param(default = 100, maximum = 1000)]
    limit: u32,
    /// Only of this rollout.
    rollout: Option<String>,
    /// Only of this attempt.
    attempt: Option<i64>,
    /// Only of this model or tool.
    model: Option<String>,
    /// Only `model` or `tool`.
    #[param(value_type = Option<String>)]
    kind: Option<CallKind>,
    /// Only what began at this time or later.
    since: Option<Timestamp>,
}

impl From<TrajectoriesQuery> for GatewayCallQuery {
    fn from(query: TrajectoriesQuery) -> Self {
        let TrajectoriesQuery { skip, limit, rollout, attempt, model, kind, since } = query;
        Self { page: page(skip, limit), rollout, attempt, model, kind, since }
    }
}

/// A page as the wire has it: a bare array, and the number of all rows in a header.
pub struct Listed<T>(pub Paged<T>);

impl<T: Serialize> IntoResponse for Listed<T> {
    fn into_response(self) -> Response {
        let total = HeaderValue::from(self.0.total);
        ([(TOTAL_COUNT, total)], Json(self.0.items)).into_response()
    }
}
