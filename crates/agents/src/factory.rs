//! Agents by type and configuration, alone or in pools: for programs that use this crate as a library.

use crate::{
    Agent, Checkpoints, Dependencies, Framework, LentTools, PastMessage, PriceTable, Turn, bridge::NoBridge,
    frameworks, http_client, provider::ProviderEndpoint,
};
use policy::ActionPolicy;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tools::SearchIndex;
use types::{Agent as AgentRecord, AgentCreate, AgentId, Error, Role, Timestamp, Transcript, TurnLimits};
use uuid::Uuid;

/// Makes agents by type and configuration.
pub struct AgentFactory {
    dependencies: Dependencies,
    frameworks: Vec<Box<dyn Framework>>,
}

impl AgentFactory {
    /// A factory of every registered framework.
    pub fn new(dependencies: Dependencies) -> Self {
        Self { dependencies, frameworks: frameworks() }
    }

    /// The same with one more framework; of two by one name the latest counts.
    #[must_use]
    pub fn with(mut self, framework: impl Framework + 'static) -> Self {
        self.frameworks.push(Box::new(framework));
        self
    }

    /// The types it can make.
    pub fn agent_types(&self) -> Vec<String> {
        self.frameworks.iter().map(|framework| framework.spec().name).collect()
    }

    /// One agent.
    ///
    /// # Errors
    /// Refused fields, an unknown type (naming those there are), or a setting that is wrong or missing.
    pub fn create(&self, draft: &AgentCreate) -> Result<Conversing, Error> {
        let refused = draft.validate();
        if !refused.is_empty() {
            return Err(Error::Fields(refused));
        }
        let framework = self.frameworks.iter().rev().find(|framework| framework.spec().name == draft.agent_type);
        let framework = framework.ok_or_else(|| {
            let known = self.agent_types().join(", ");
            Error::field("agent_type", format!("is {}, expected one of {known}", draft.agent_type))
        })?;
        let record = record(draft);
        let agent = framework.create(&record, &self.dependencies)?;
        Ok(Conversing { name: record.title(), agent_type: record.agent_type, agent, history: Vec::new(), turns: 0 })
    }

    /// A pool of `count` equal agents.
    ///
    /// # Errors
    /// As of one agent.
    pub fn pool(&self, draft: &AgentCreate, count: usize) -> Result<AgentPool, Error> {
        (0..count).map(|_| self.create(draft)).collect::<Result<_, _>>().map(AgentPool)
    }
}

/// An agent in a conversation.
pub struct Conversing {
    /// Its name, or type and short id.
    pub name: String,
    /// Its framework.
    pub agent_type: String,
    /// The agent itself, which remembers nothing.
    pub agent: Arc<dyn Agent>,
    history: Vec<PastMessage>,
    turns: u64,
}

impl Conversing {
    /// One turn within the default limits. What went wrong is the transcript's `ending`.
    pub async fn say(&mut self, text: &str) -> Transcript {
        let turn = Turn {
            history: self.history.clone(),
            user_input: text.to_owned(),
            limits: TurnLimits::OF_AGENT,
            seed: self.turns,
            tools: None,
        };
        self.turns += 1;
        // Nobody listens to the pieces of the answer: the transcript has them all.
        let (events, _) = tokio::sync::mpsc::unbounded_channel();
        let transcript = self.agent.respond(turn, &events, &CancellationToken::new()).await;
        self.history.push(PastMessage { role: Role::User, content: text.to_owned() });
        if !transcript.reply.is_empty() {
            self.history.push(PastMessage { role: Role::Assistant, content: transcript.reply.clone() });
        }
        transcript
    }

    /// What was said so far, oldest first.
    pub fn history(&self) -> &[PastMessage] {
        &self.history
    }

    /// Forgets the conversation.
    pub fn reset(&mut self) {
        self.history.clear();
    }
}

/// Agents side by side.
#[derive(Default)]
pub struct AgentPool(Vec<Conversing>);

impl AgentPool {
    /// All of them.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = &mut Conversing> {
        self.0.iter_mut()
    }

    /// Those of one type.
    pub fn of_type(&mut self, agent_type: &str) -> impl Iterator<Item = &mut Conversing> {
        self.0.iter_mut().filter(move |agent| agent.agent_type == agent_type)
    }

    /// Forgets every conversation.
    pub fn reset(&mut self) {
        self.0.iter_mut().for_each(Conversing::reset);
    }
}

impl Extend<Conversing> for AgentPool {
    fn extend<T: IntoIterator<Item = Conversing>>(&mut self, agents: T) {
        self.0.extend(agents);
    }
}

impl Dependencies {
    /// What works in any program without set-up: the built-in tools and weights, and OpenAI's address without a key.
    ///
    /// # Errors
    /// `Internal` when TLS or the search index cannot be set up.
    pub fn offline() -> Result<Self, Error> {
        Ok(Self {
            tools: tools::built_in(SearchIndex::bundled()?),
            http: http_client()?,
            providers: Arc::new(vec![ProviderEndpoint::openai()]),
            checkpoints: Arc::new(BuiltInWeights),
            bridge: Arc::new(NoBridge),
            lent: LentTools::default(),
            prices: Arc::new(PriceTable::built_in()),
        })
    }
}

/// The weights that need no file: `builtin` and `untrained`.
struct BuiltInWeights;

impl Checkpoints for BuiltInWeights {
    fn policy(&self, agent: &AgentRecord) -> Result<Arc<ActionPolicy>, String> {
        match agent.model.as_str() {
            "builtin" => ActionPolicy::load(policy::BUILTIN).map(Arc::new).map_err(|error| error.to_string()),
            "untrained" => Ok(Arc::new(ActionPolicy::untrained(policy::UNTRAINED_SEED))),
            other => Err(format!("`model` is {other}; without a folder of trained weights: builtin or untrained")),
        }
    }
}

fn record(draft: &AgentCreate) -> AgentRecord {
    AgentRecord {
        id: AgentId(Uuid::nil()),
        name: draft.name.clone(),
        agent_type: draft.agent_type.clone(),
        model: draft.model.clone(),
        temperature: draft.temperature,
        system_prompt: draft.system_prompt.clone(),
        config_json: draft.config_json.clone(),
        is_active: true,
        created_at: Timestamp::from_millis(0),
        updated_at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::Ending;

    fn factory() -> AgentFactory {
        AgentFactory::new(Dependencies::offline().unwrap())
    }

    fn local() -> AgentCreate {
        AgentCreate { agent_type: "local".into(), model: "builtin".into(), temperature: 0.0, ..AgentCreate::default() }
    }

    #[tokio::test]
    async fn a_pool_is_asked_filtered_and_reset() {
        let factory = factory();
        let mut pool = factory.pool(&local(), 2).unwrap();
        pool.extend([factory.create(&AgentCreate::default()).unwrap()]);
        assert_eq!(pool.iter_mut().len(), 3);
        assert_eq!(pool.of_type("local").count(), 2);
        for agent in pool.of_type("local") {
            assert!(agent.say("What is 15 * 23?").await.reply.contains("345"));
            assert_eq!(agent.history().len(), 2);
        }
        for agent in pool.of_type("openai") {
            assert!(matches!(agent.say("Hi").await.ending, Ending::NotConfigured { .. }));
        }
        pool.reset();
        assert!(pool.iter_mut().all(|agent| agent.history().is_empty()));
    }

    #[test]
    fn an_unknown_type_says_which_there_are_and_a_framework_can_be_added() {
        struct Mine;
        impl Framework for Mine {
            fn spec(&self) -> types::ExtensionSpec {
                types::ExtensionSpec { name: "mine".into(), ..frameworks::local::Local.spec() }
            }
            fn can_train(&self) -> bool {
                false
            }
            fn create(&self, record: &AgentRecord, needs: &Dependencies) -> Result<Arc<dyn Agent>, Error> {
                frameworks::local::Local.create(record, needs)
            }
        }
        let mine = AgentCreate { agent_type: "mine".into(), ..local() };
        let refused = factory().create(&mine).err().unwrap().to_string();
        assert!(refused.contains("is mine, expected one of") && refused.contains("local"), "{refused}");
        assert_eq!(factory().with(Mine).create(&mine).unwrap().agent_type, "mine");
    }
}
