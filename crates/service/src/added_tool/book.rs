//! The registry of all tools: those of the program, and those that people added, as they are at this moment.

use crate::Result;
use std::{
    collections::BTreeSet,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};
use store::{Store, StoredTool};
use tokio::sync::{Mutex, MutexGuard};
use tools::{
    HttpTool, HttpToolSettings, RemoteServer, RemoteTool, SearchIndex, SourceSettings, Sources, Tool, ToolBounds,
    ToolRegistry,
    outbound::{Outbound, Reach},
};
use types::{AddedTool, AddedToolId, AddedToolKind, Error, ToolSpec};

/// All tools.
pub(crate) struct ToolBook {
    built_in: ToolRegistry,
    /// Names of the tools of the program, those included that are not on offer.
    reserved: BTreeSet<String>,
    network: Option<Outbound>,
    now: RwLock<Now>,
    changing: Mutex<()>,
}

#[derive(Default)]
struct Now {
    stored: Vec<StoredTool>,
    registry: ToolRegistry,
}

impl ToolBook {
    pub(crate) async fn open(index: &SearchIndex, settings: &SourceSettings, store: &Store) -> Result<Self> {
        let sources = settings.open().map_err(Error::Invalid)?;
        let network = sources.network.clone();
        let outbound = Outbound::new(Reach::Public).map_err(Error::Internal)?;
        let every = Sources { network: Some(outbound), ..Sources::default() };
        let every = tools::built_in_with(index.clone(), every).specs();
        let reserved = every.iter().map(|spec| spec.name.clone()).collect();
        let built_in = tools::built_in_with(index.clone(), sources);
        let book = Self { built_in, reserved, network, now: RwLock::default(), changing: Mutex::default() };
        let stored = store.added_tool_list().await?;
        book.change(|now| *now = stored);
        Ok(book)
    }

    /// The tools of this moment.
    pub(crate) fn registry(&self) -> ToolRegistry {
        self.now.read().unwrap_or_else(PoisonError::into_inner).registry.clone()
    }

    pub(super) fn stored(&self) -> Vec<StoredTool> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).stored.clone()
    }

    pub(super) fn find(&self, id: AddedToolId) -> Result<StoredTool> {
        self.stored().into_iter().find(|stored| stored.tool.id == id).ok_or_else(|| Error::not_found("added tool", id))
    }

    pub(super) fn has_network(&self) -> bool {
        self.network.is_some()
    }

    pub(super) fn is_reserved(&self, name: &str) -> bool {
        self.reserved.contains(name)
    }

    /// Held while a record and the registry change together.
    pub(super) async fn changing(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().await
    }

    /// Adds a tool, or replaces it.
    pub(super) fn put(&self, new: StoredTool) {
        self.change(|stored| {
            stored.retain(|one| one.tool.id != new.tool.id);
            stored.push(new);
            stored.sort_by(|a, b| a.tool.name.cmp(&b.tool.name));
        });
    }

    /// Takes a tool out.
    pub(super) fn take(&self, id: AddedToolId) {
        self.change(|stored| stored.retain(|one| one.tool.id != id));
    }

    /// Refuses a tool that could not work.
    pub(super) fn check(&self, stored: &StoredTool) -> Result<()> {
        match stored.tool.kind {
            AddedToolKind::Http => self.request(stored).map(|_| ()),
            AddedToolKind::Mcp => self.server(stored).map(|_| ()),
        }
    }

    /// The server that a record describes.
    pub(super) fn server(&self, stored: &StoredTool) -> Result<RemoteServer> {
        RemoteServer::new(&stored.tool.url, &stored.headers, self.outbound()?).map_err(refused)
    }

    fn request(&self, stored: &StoredTool) -> Result<HttpTool> {
        let tool = &stored.tool;
        let spec = ToolSpec {
            name: tool.name.clone(),
            description: tool.description.clone(),
            parameters: tool.parameters.clone(),
        };
        let settings = HttpToolSettings {
            spec,
            method: tool.method.clone(),
            url: tool.url.clone(),
            headers: stored.headers.clone(),
            response_path: tool.response_path.clone(),
            bounds: bounds(tool),
        };
        HttpTool::new(settings, self.outbound()?).map_err(refused)
    }

    fn outbound(&self) -> Result<Outbound> {
        self.network.clone().ok_or_else(|| {
            Error::Conflict(
                "tools may not reach the network here; the operator allows it with TOOLS_NETWORK=true".into(),
            )
        })
    }

    fn change(&self, change: impl FnOnce(&mut Vec<StoredTool>)) {
        let mut now = self.now.write().unwrap_or_else(PoisonError::into_inner);
        change(&mut now.stored);
        let mut added = ToolRegistry::default();
        if self.network.is_some() {
            for stored in now.stored.iter().filter(|stored| stored.tool.is_active) {
                added = self.joined(added, stored);
            }
        }
        // Whatever people called theirs, the tools of the program stay what they are.
        now.registry = added.with_all(self.built_in.clone());
    }

    fn joined(&self, tools: ToolRegistry, stored: &StoredTool) -> ToolRegistry {
        let told = |error: Error| tracing::warn!(tool = stored.tool.name, %error, "an added tool cannot be offered");
        match stored.tool.kind {
            AddedToolKind::Http => match self.request(stored) {
                Ok(tool) => tools.with(tool),
                Err(error) => {
                    told(error);
                    tools
                }
            },
            AddedToolKind::Mcp => match self.server(stored) {
                Ok(server) => with_server(tools, &Arc::new(server), &stored.tool),
                Err(error) => {
                    told(error);
                    tools
                }
            },
        }
    }
}

fn with_server(tools: ToolRegistry, server: &Arc<RemoteServer>, added: &AddedTool) -> ToolRegistry {
    added.tools.iter().filter(|tool| tool.is_on).fold(tools, |tools, tool| {
        let told = ToolSpec {
            name: tool.name.clone(),
            description: tool.description.clone(),
            parameters: tool.parameters.clone(),
        };
        let tool = RemoteTool::new(server.clone(), &added.name, told, bounds(added));
        let name = tool.spec().name;
        if tools.contains(&name) {
            tracing::warn!(name, "two tools of a server have this name here; the first is offered");
            return tools;
        }
        tools.with(tool)
    })
}

fn bounds(tool: &AddedTool) -> ToolBounds {
    ToolBounds {
        timeout: Duration::from_millis(tool.timeout_ms.into()),
        bytes_max: usize::try_from(tool.output_bytes_max).unwrap_or(usize::MAX),
        cached: Duration::from_secs(tool.cache_seconds.into()),
    }
}

fn refused((field, why): (&'static str, String)) -> Error {
    Error::field(field, why)
}
