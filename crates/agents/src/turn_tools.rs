//! Tools that are there for one turn.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tools::ToolRegistry;
use uuid::Uuid;

/// The tools that a test case brings.
#[derive(Clone)]
pub struct TurnTools {
    /// Those.
    pub own: ToolRegistry,
    /// Whether they are all there are; else they stand beside those of the agent, before those of the same name.
    pub only: bool,
}

impl TurnTools {
    /// The tools of a turn whose agent has `agents`.
    pub fn over(self, agents: ToolRegistry) -> ToolRegistry {
        if self.only { self.own } else { agents.with_all(self.own) }
    }
}

impl fmt::Debug for TurnTools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.own.specs().iter().map(|spec| spec.name.clone()).collect();
        f.debug_struct("TurnTools").field("own", &names).field("only", &self.only).finish()
    }
}

/// The tools of a turn, given those that it brings and those of its agent.
pub fn offered<'a>(brought: Option<&TurnTools>, agents: &'a ToolRegistry) -> Cow<'a, ToolRegistry> {
    match brought {
        None => Cow::Borrowed(agents),
        Some(brought) => Cow::Owned(brought.clone().over(agents.clone())),
    }
}

/// The tools of turns that are under way in another program, which reaches them through the gateway. Cheap to clone.
#[derive(Clone, Default)]
pub struct LentTools(Arc<Mutex<HashMap<Uuid, TurnTools>>>);

impl LentTools {
    /// Lends the tools to a rollout until what is given back is dropped.
    #[must_use]
    pub fn lend(&self, rollout: Uuid, tools: TurnTools) -> Lent {
        self.table().insert(rollout, tools);
        Lent { tools: self.clone(), rollout }
    }

    /// What is lent to the rollout of this name.
    pub fn of(&self, rollout: &str) -> Option<TurnTools> {
        self.table().get(&Uuid::parse_str(rollout).ok()?).cloned()
    }

    fn table(&self) -> MutexGuard<'_, HashMap<Uuid, TurnTools>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tools that are lent.
pub struct Lent {
    tools: LentTools,
    rollout: Uuid,
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.tools.table().remove(&self.rollout);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_are_lent_for_as_long_as_the_turn_lasts() {
        let (lent, rollout) = (LentTools::default(), Uuid::from_u128(7));
        let tools = TurnTools { own: ToolRegistry::default(), only: true };
        let held = lent.lend(rollout, tools);
        assert!(lent.of(&rollout.to_string()).is_some_and(|tools| tools.only));
        assert!(lent.of("another").is_none());
        drop(held);
        assert!(lent.of(&rollout.to_string()).is_none());
    }
}
