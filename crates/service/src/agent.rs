//! Agents: create, list, change, delete, reset; the frameworks they are built with.

use crate::{
    Result, Service,
    approval::{Nobody, asked_tools, with_setting},
    blocking, new_id,
};
use serde_json::{Map, Value};
use std::sync::Arc;
use tools::{Approver, ToolRegistry};
use types::{
    Agent, AgentCreate, AgentFilter, AgentId, AgentUpdate, Error, ExtensionSpec, FieldError, Page, Paged, ParameterKind,
};

impl Service {
    /// A new agent.
    ///
    /// # Errors
    /// Refused fields, among them an `agent_type` that is not registered.
    pub async fn agent_create(&self, draft: AgentCreate) -> Result<Agent> {
        let agent = self.agent_drafted(draft).await?;
        self.store().agent_insert(&agent).await?;
        Ok(agent)
    }

    /// An agent as drafted, checked and not stored.
    pub(crate) async fn agent_drafted(&self, draft: AgentCreate) -> Result<Agent> {
        refuse_if_any(draft.validate())?;
        let agent = Agent {
            id: AgentId(new_id()),
            name: named(draft.name),
            agent_type: draft.agent_type,
            model: draft.model.trim().to_owned(),
            temperature: draft.temperature,
            system_prompt: draft.system_prompt,
            config_json: draft.config_json,
            is_active: true,
            created_at: self.now(),
            updated_at: None,
        };
        self.agent_check(&agent).await?;
        Ok(agent)
    }

    /// Agents, oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn agent_list(&self, filter: impl Into<AgentFilter>, page: Page) -> Result<Paged<Agent>> {
        self.store().agent_list(filter, page).await
    }

    /// One agent, deleted or not.
    ///
    /// # Errors
    /// Not found.
    pub async fn agent_get(&self, id: AgentId) -> Result<Agent> {
        self.store().agent_get(id).await?.ok_or_else(|| Error::not_found("agent", id))
    }

    /// The agent with a change made.
    ///
    /// # Errors
    /// Not found, refused fields.
    pub async fn agent_update(&self, id: AgentId, update: AgentUpdate) -> Result<Agent> {
        refuse_if_any(update.validate())?;
        let mut agent = self.agent_get(id).await?;
        let reworked = update.model.is_some() || update.config_json.is_some();
        macro_rules! set {
            ($($field:ident),+) => {$( if let Some(value) = update.$field { agent.$field = value; } )+};
        }
        set!(model, temperature, system_prompt, config_json, is_active);
        if let Some(name) = update.name {
            agent.name = named(name);
        }
        if reworked {
            self.agent_check(&agent).await?;
        }
        agent.updated_at = Some(self.now());
        self.agent_write(agent).await
    }

    /// Deletes softly: its conversations and runs stay.
    ///
    /// # Errors
    /// Not found.
    pub async fn agent_delete(&self, id: AgentId) -> Result<()> {
        let agent = self.agent_get(id).await?;
        self.agent_write(Agent { is_active: false, updated_at: Some(self.now()), ..agent }).await.map(|_| ())
    }

    /// Ends the agent's open conversations.
    ///
    /// # Errors
    /// Not found.
    pub async fn agent_reset(&self, id: AgentId) -> Result<Agent> {
        let agent = self.agent_get(id).await?;
        self.store().conversations_end(id, self.now()).await?;
        Ok(agent)
    }

    /// What a new agent's form starts with: the configured model and temperature.
    pub fn agent_draft(&self) -> AgentCreate {
        AgentCreate {
            model: self.inner.config.openai_model.clone(),
            temperature: self.inner.config.openai_temperature,
            ..AgentCreate::default()
        }
    }

    /// The registered frameworks; where one asks for a provider, those there are can be chosen.
    pub fn framework_list(&self) -> Vec<ExtensionSpec> {
        let registered = agents::frameworks();
        let mut specs: Vec<ExtensionSpec> = registered.iter().map(|framework| with_setting(framework.spec())).collect();
        let options: Vec<String> = self.provider_list().into_iter().map(|provider| provider.name).collect();
        let parameters = specs.iter_mut().flat_map(|spec| &mut spec.parameters);
        for parameter in parameters.filter(|parameter| parameter.name == "provider") {
            parameter.kind = ParameterKind::Choice { options: options.clone() };
        }
        specs
    }

    /// The registered frameworks as a person is shown them: those of the Python worker say how far it is.
    pub fn framework_list_told(&self) -> Vec<ExtensionSpec> {
        let told = |framework: &dyn agents::Framework| {
            let mut spec = framework.spec();
            if framework.is_bridged() {
                spec.description = format!("{} {}", spec.description, self.inner.bridge.told());
            }
            spec
        };
        agents::frameworks().iter().map(|framework| told(framework.as_ref())).collect()
    }

    /// The model that a new agent of each framework starts with: by agent type.
    pub fn model_default_list(&self) -> Vec<(String, String)> {
        let configured = &self.inner.config.openai_model;
        let model = |framework: &dyn agents::Framework| framework.model().unwrap_or(configured).to_owned();
        agents::frameworks().iter().map(|framework| (framework.spec().name, model(framework.as_ref()))).collect()
    }

    /// The agent types that can be trained.
    pub fn trainable_type_list(&self) -> Vec<String> {
        let trainable = agents::frameworks().into_iter().filter(|framework| framework.can_train());
        trainable.map(|framework| framework.spec().name).collect()
    }

    pub(crate) async fn agent_write(&self, agent: Agent) -> Result<Agent> {
        if self.store().agent_update(&agent).await? { Ok(agent) } else { Err(Error::not_found("agent", agent.id)) }
    }

    /// An agent ready to work where nobody can be asked: calls of tools that are to be asked for are refused.
    pub(crate) async fn agent_open(&self, agent: &Agent) -> Result<Arc<dyn agents::Agent>> {
        self.agent_open_with(agent, Arc::new(Nobody)).await
    }

    /// An agent ready to work, whose calls `approver` decides about. One that can be trained is made on a blocking thread,
    /// for its weights may be read from disk.
    pub(crate) async fn agent_open_with(
        &self,
        agent: &Agent,
        approver: Arc<dyn Approver>,
    ) -> Result<Arc<dyn agents::Agent>> {
        let framework = agents::framework(&agent.agent_type).ok_or_else(|| unregistered(&agent.agent_type))?;
        let mut dependencies = self.inner.dependencies.clone();
        dependencies.tools = self.tools().asking(asked_tools(agent), approver);
        if !framework.can_train() {
            return framework.create(agent, &dependencies);
        }
        let agent = agent.clone();
        blocking(move || framework.create(&agent, &dependencies)).await
    }

    /// The tools that a local agent learns with, where nobody can be asked. Weather and search are those without network,
    /// so that the same seed gives the same weights.
    pub(crate) fn tools_unattended(&self, agent: &Agent) -> Result<ToolRegistry> {
        let offline = tools::built_in(self.inner.index.clone());
        let tools = agents::frameworks::local::offered(agent, &self.tools().with_all(offline))?;
        Ok(tools.asking(asked_tools(agent), Arc::new(Nobody)))
    }

    /// Refuses an agent that could never work: an unregistered type, settings out of range, weights that are not there.
    async fn agent_check(&self, agent: &Agent) -> Result<()> {
        let framework = agents::framework(&agent.agent_type).ok_or_else(|| unregistered(&agent.agent_type))?;
        refuse_if_any(settings_refused(&with_setting(framework.spec()), agent.config_json.as_ref()))?;
        let tools = self.tools();
        if let Some(unknown) = asked_tools(agent).into_iter().find(|name| !tools.contains(name)) {
            return Err(Error::field("config_json.ask_before", format!("names `{unknown}`, which is no tool")));
        }
        self.agent_open(agent).await.map(|_| ())
    }
}

/// `Err` with every refused field, if there is one.
pub(crate) fn refuse_if_any(errors: Vec<FieldError>) -> Result<()> {
    if errors.is_empty() { Ok(()) } else { Err(Error::Fields(errors)) }
}

fn unregistered(agent_type: &str) -> Error {
    let known: Vec<_> = agents::frameworks().iter().map(|framework| framework.spec().name).collect();
    Error::field("agent_type", format!("is {agent_type}, expected one of {}", known.join(", ")))
}

/// A name of blanks is none.
fn named(name: Option<String>) -> Option<String> {
    name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// Declared settings must fit their declaration; further keys are the client's own.
fn settings_refused(spec: &ExtensionSpec, settings: Option<&Map<String, Value>>) -> Vec<FieldError> {
    let value = |name: &str| settings.and_then(|settings| settings.get(name));
    spec.parameters
        .iter()
        .filter_map(|parameter| {
            let why = parameter.check(value(&parameter.name)?).err()?;
            Some(FieldError::new(format!("config_json.{}", parameter.name), why))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use types::ParameterSpec;

    #[test]
    fn declared_settings_are_checked_and_others_are_kept() {
        let parameter = ParameterSpec {
            name: "max_steps".into(),
            label: String::new(),
            description: String::new(),
            kind: ParameterKind::Integer { min: 1, max: 20 },
            default: json!(8),
        };
        let spec = ExtensionSpec {
            name: String::new(),
            label: String::new(),
            description: String::new(),
            parameters: vec![parameter],
        };
        let refused = |settings: Value| settings_refused(&spec, settings.as_object()).len();
        assert_eq!(refused(json!({"max_steps": 4, "note": "mine"})), 0);
        assert_eq!(refused(json!({"max_steps": 99})), 1);
        assert_eq!(refused(json!({})), 0);
    }

    #[test]
    fn a_name_of_blanks_is_none() {
        assert_eq!(named(Some("  ".into())), None);
        assert_eq!(named(Some(" a ".into())), Some("a".into()));
    }
}
