//! Tools that people added: records, and the one registry they join without a restart. What their headers hold goes in and
//! is never told.

mod book;

pub(crate) use book::ToolBook;

use crate::{Result, Service, agent::refuse_if_any, new_id};
use std::collections::BTreeMap;
use store::StoredTool;
use tools::ToolRegistry;
use types::{
    AddedTool, AddedToolChange, AddedToolCreate, AddedToolId, AddedToolKind, AddedToolUpdate, Error, Secret,
    ServerTool, ToolOutcome,
};

/// Most added tools.
const ADDED_MAX: usize = 100;

impl Service {
    /// Every added tool, by name.
    pub fn added_tool_list(&self) -> Vec<AddedTool> {
        self.inner.tools.stored().into_iter().map(|stored| stored.tool).collect()
    }

    /// One added tool.
    ///
    /// # Errors
    /// Not found.
    pub fn added_tool_get(&self, id: AddedToolId) -> Result<AddedTool> {
        Ok(self.inner.tools.find(id)?.tool)
    }

    /// Whether tools may reach the network at all.
    pub fn tools_have_network(&self) -> bool {
        self.inner.tools.has_network()
    }

    /// A new tool; agents can call it from now on. Of a server, the tools are listed, and all are off.
    ///
    /// # Errors
    /// Refused fields, a name that is taken, too many, a server that does not answer; `Conflict` when the operator does not
    /// let tools reach the network.
    pub async fn added_tool_create(&self, draft: AddedToolCreate) -> Result<AddedTool> {
        refuse_if_any(draft.validate())?;
        let _changing = self.inner.tools.changing().await;
        if self.inner.tools.is_reserved(&draft.name) {
            return Err(Error::field("name", format!("is `{}`, which is a tool of this program", draft.name)));
        }
        if self.inner.tools.stored().len() >= ADDED_MAX {
            return Err(Error::Conflict(format!("there are {ADDED_MAX} added tools, which is the most")));
        }
        let mut stored = self.drafted(draft);
        self.inner.tools.check(&stored)?;
        self.list_server(&mut stored).await?;
        self.store().added_tool_insert(&stored).await.map_err(|error| match error {
            Error::Conflict(_) => {
                Error::field("name", format!("is `{}`, which another added tool has", stored.tool.name))
            }
            other => other,
        })?;
        self.inner.tools.put(stored.clone());
        Ok(stored.tool)
    }

    /// The tool with a change made; agents see it with their next turn.
    ///
    /// # Errors
    /// Not found, refused fields; headers that would go to another address.
    pub async fn added_tool_update(&self, id: AddedToolId, update: AddedToolUpdate) -> Result<AddedTool> {
        refuse_if_any(update.validate())?;
        let _changing = self.inner.tools.changing().await;
        let mut stored = self.inner.tools.find(id)?;
        let before = stored.clone();
        change(&mut stored, update)?;
        stored.tool.updated_at = Some(self.now());
        self.inner.tools.check(&stored)?;
        if stored.tool.url != before.tool.url {
            self.list_server(&mut stored).await?;
        }
        self.added_tool_write(stored).await
    }

    /// Asks a server again for its tools; those that were on stay on.
    ///
    /// # Errors
    /// Not found, no server, or one that does not answer.
    pub async fn added_tool_refresh(&self, id: AddedToolId) -> Result<AddedTool> {
        let _changing = self.inner.tools.changing().await;
        let mut stored = self.inner.tools.find(id)?;
        if stored.tool.kind != AddedToolKind::Mcp {
            return Err(Error::Conflict(format!(
                "{} is a request of its own and has no list of tools",
                stored.tool.name
            )));
        }
        self.list_server(&mut stored).await?;
        stored.tool.updated_at = Some(self.now());
        self.added_tool_write(stored).await
    }

    /// Deletes a tool and what its headers hold.
    ///
    /// # Errors
    /// Not found.
    pub async fn added_tool_delete(&self, id: AddedToolId) -> Result<()> {
        let _changing = self.inner.tools.changing().await;
        if !self.store().added_tool_delete(id).await? {
            return Err(Error::not_found("added tool", id));
        }
        self.inner.tools.take(id);
        Ok(())
    }

    /// Makes the change that a page asked for.
    ///
    /// # Errors
    /// As of the use case it stands for.
    pub async fn added_tool_change(&self, id: AddedToolId, change: AddedToolChange) -> Result<()> {
        let update = match change {
            AddedToolChange::Delete => return self.added_tool_delete(id).await,
            AddedToolChange::Refresh => return self.added_tool_refresh(id).await.map(|_| ()),
            AddedToolChange::Switch { on } => AddedToolUpdate { is_active: Some(on), ..AddedToolUpdate::default() },
            AddedToolChange::SwitchTool { name, on } => {
                let tools = self.inner.tools.find(id)?.tool.tools.into_iter().filter(|tool| tool.is_on);
                let others = tools.map(|tool| tool.name).filter(|other| *other != name);
                let tools_on = others.chain(on.then(|| name.clone())).collect();
                AddedToolUpdate { tools_on: Some(tools_on), ..AddedToolUpdate::default() }
            }
        };
        self.added_tool_update(id, update).await.map(|_| ())
    }

    /// The tools of this moment.
    pub(crate) fn tools(&self) -> ToolRegistry {
        self.inner.tools.registry()
    }

    async fn added_tool_write(&self, stored: StoredTool) -> Result<AddedTool> {
        if !self.store().added_tool_update(&stored).await? {
            return Err(Error::not_found("added tool", stored.tool.id));
        }
        self.inner.tools.put(stored.clone());
        Ok(stored.tool)
    }

    fn drafted(&self, draft: AddedToolCreate) -> StoredTool {
        let headers: Vec<(String, String)> = draft.headers.into_iter().map(|(name, value)| (name, value.0)).collect();
        let tool = AddedTool {
            id: AddedToolId(new_id()),
            name: draft.name,
            kind: draft.kind,
            description: draft.description.trim().to_owned(),
            url: draft.url.trim().to_owned(),
            method: draft.method,
            parameters: draft.parameters,
            response_path: draft.response_path.filter(|path| !path.trim().is_empty()),
            header_names: headers.iter().map(|(name, _)| name.clone()).collect(),
            timeout_ms: draft.timeout_ms,
            output_bytes_max: draft.output_bytes_max,
            cache_seconds: draft.cache_seconds,
            is_active: true,
            tools: Vec::new(),
            created_at: self.now(),
            updated_at: None,
        };
        StoredTool { tool, headers }
    }

    /// Brings the list of a server's tools up to date. A request of one's own has none.
    async fn list_server(&self, stored: &mut StoredTool) -> Result<()> {
        if stored.tool.kind != AddedToolKind::Mcp {
            return Ok(());
        }
        let listed = self.inner.tools.server(stored)?.list().await.map_err(|why| Error::field("url", why))?;
        let was_on = |name: &str| stored.tool.tools.iter().any(|tool| tool.is_on && tool.name == name);
        let tools = listed.into_iter().map(|told| ServerTool {
            is_on: was_on(&told.name),
            name: told.name,
            description: told.description,
            parameters: told.parameters,
        });
        stored.tool.tools = tools.collect();
        Ok(())
    }
}

fn change(stored: &mut StoredTool, update: AddedToolUpdate) -> Result<()> {
    let tool = &mut stored.tool;
    let moved = update.url.as_ref().is_some_and(|url| origin(url).is_none() || origin(url) != origin(&tool.url));
    macro_rules! set {
        ($($field:ident),+) => {$( if let Some(value) = update.$field { tool.$field = value; } )+};
    }
    let given = update.headers.unwrap_or_default();
    let is_given = |name: &str| given.keys().any(|given| given.eq_ignore_ascii_case(name));
    if moved && stored.headers.iter().any(|(name, _)| !is_given(name)) {
        let why = "are not sent to another address unless they are given again; send null for those to go on without";
        return Err(Error::field("headers", why));
    }
    set!(description, url, method, parameters, response_path, timeout_ms, output_bytes_max, cache_seconds, is_active);
    if let Some(on) = update.tools_on {
        if let Some(unknown) = on.iter().find(|name| !tool.tools.iter().any(|tool| tool.name == **name)) {
            let shown: String = unknown.chars().take(60).collect();
            return Err(Error::field("tools_on", format!("names `{shown}`, which the server does not offer")));
        }
        tool.tools.iter_mut().for_each(|tool| tool.is_on = on.contains(&tool.name));
    }
    stored.headers = with_headers(std::mem::take(&mut stored.headers), given);
    stored.tool.header_names = stored.headers.iter().map(|(name, _)| name.clone()).collect();
    Ok(())
}

fn with_headers(old: Vec<(String, String)>, given: BTreeMap<String, Option<Secret>>) -> Vec<(String, String)> {
    let mut headers: BTreeMap<String, String> = old.into_iter().collect();
    for (name, value) in given {
        // Their case means nothing (RFC 9110, 5.1).
        headers.retain(|known, _| !known.eq_ignore_ascii_case(&name));
        if let Some(value) = value {
            headers.insert(name, value.0);
        }
    }
    headers.into_iter().collect()
}

/// Scheme, host and port, as far as they can be read without a parser: what stands before the path; `None` when there is no
/// host where one is expected.
fn origin(url: &str) -> Option<&str> {
    let after = url.find("://")? + 3;
    let host = url.get(after..)?.find(['/', '?', '#', '\\']).unwrap_or(url.len() - after);
    url.get(..after + host).filter(|_| host > 0)
}

impl Service {
    /// Calls a tool for a person who tries it.
    ///
    /// # Errors
    /// Not found when there is no such tool; a tool that fails is an answer.
    pub async fn tool_try(&self, name: &str, arguments: &tools::Arguments) -> Result<ToolOutcome> {
        let tools = self.tools();
        if !tools.contains(name) {
            let shown: String = name.chars().take(64).collect();
            return Err(Error::NotFound(format!(
                "there is no tool `{shown}`; the tools are {}",
                self.tool_names().join(", ")
            )));
        }
        let begun = std::time::Instant::now();
        // Whoever asked may be gone: then the call is dropped with its request.
        let answer = tools.call(name, arguments, &tokio_util::sync::CancellationToken::new()).await;
        let duration_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        let is_error = answer.is_err();
        Ok(ToolOutcome { result: answer.unwrap_or_else(|error| error.to_string()), is_error, duration_ms })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_stands_before_the_path() {
        assert_eq!(origin("https://a.example:8/x?y"), Some("https://a.example:8"));
        assert_eq!(origin("https://a.example"), Some("https://a.example"));
        assert_eq!([origin("https:///a.example/x"), origin("https:/a.example/x")], [None, None]);
        assert_ne!(origin("https://a.example/x"), origin("https://a.example@evil.example/x"));
        assert_ne!(origin("https://a.example/x"), origin("http://a.example/x"));
    }

    #[test]
    fn headers_are_set_taken_out_and_kept() {
        let old = vec![("A".to_owned(), "1".to_owned()), ("B".to_owned(), "2".to_owned())];
        let given = BTreeMap::from([("A".to_owned(), None), ("C".to_owned(), Some(Secret("3".into())))]);
        let renamed = BTreeMap::from([("a".to_owned(), Some(Secret("9".into())))]);
        assert_eq!(
            with_headers(old.clone(), renamed),
            [("B".to_owned(), "2".to_owned()), ("a".to_owned(), "9".to_owned())]
        );
        assert_eq!(with_headers(old, given), [("B".to_owned(), "2".to_owned()), ("C".to_owned(), "3".to_owned())]);
    }
}
