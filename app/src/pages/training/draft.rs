//! A training run as its form holds it: texts as typed, checked against what the algorithm declares.

use crate::components::parameters::check_parameters;
use serde_json::{Map, Value};
use types::{
    AgentId, EPISODES_MAX, ExtensionSpec, FieldError, RewardWeights, TrainingCreate,
    number::{self, Plain},
};

/// The form.
#[derive(Clone, PartialEq, Debug)]
pub struct TrainingDraft {
    /// Chosen agent; empty = none yet.
    pub agent_id: String,
    /// Chosen algorithm.
    pub algorithm: String,
    /// Passes over the training cases.
    pub num_episodes: String,
    /// Seed.
    pub seed: String,
    /// Weights of success, tool use and quality.
    pub weights: [String; 3],
    /// Parameters that were changed from their default, by name.
    pub parameters: Map<String, Value>,
}

/// Wire names of the weights, in the order of [`TrainingDraft::weights`].
pub const WEIGHT_NAMES: [&str; 3] = ["task_success", "tool_usage_efficiency", "response_quality"];

impl TrainingDraft {
    /// The form with its defaults.
    pub fn new(algorithm: &str) -> Self {
        let weights = RewardWeights::default();
        Self {
            agent_id: String::new(),
            algorithm: algorithm.to_owned(),
            num_episodes: "30".into(),
            seed: "0".into(),
            weights: [weights.task_success, weights.tool_usage_efficiency, weights.response_quality]
                .map(|weight| Plain(weight).to_string()),
            parameters: Map::new(),
        }
    }

    /// The request that the form describes, or every field that would be refused.
    pub fn request(&self, algorithms: &[ExtensionSpec]) -> Result<TrainingCreate, Vec<FieldError>> {
        let mut errors = Vec::new();
        let agent_id = self.agent_id.parse::<AgentId>();
        if agent_id.is_err() {
            errors.push(FieldError::new("agent_id", "choose an agent to train"));
        }
        let num_episodes = self.episodes().map_err(|error| errors.push(error)).unwrap_or_default();
        let seed = self.seed.trim().parse().map_err(|_| {
            errors.push(FieldError::new("seed", format!("is `{}`, expected a whole number from 0", self.seed)));
        });
        let reward_weights = self.reward_weights();
        if let Err(message) = reward_weights.check() {
            errors.push(FieldError::new("reward_weights", message));
        }
        let algorithm = algorithms.iter().find(|algorithm| algorithm.name == self.algorithm);
        errors.extend(algorithm.iter().flat_map(|algorithm| check_parameters(&algorithm.parameters, &self.parameters)));
        match (agent_id, seed, errors.is_empty()) {
            (Ok(agent_id), Ok(seed), true) => Ok(TrainingCreate {
                agent_id,
                num_episodes,
                test_case_ids: None,
                reward_weights: Some(reward_weights),
                algorithm: self.algorithm.clone(),
                seed,
                parameters: self.parameters.clone(),
            }),
            _ => Err(errors),
        }
    }

    fn episodes(&self) -> Result<u32, FieldError> {
        let episodes = self.num_episodes.trim().parse().ok().filter(|n| (1..=EPISODES_MAX).contains(n));
        episodes.ok_or_else(|| {
            let message = format!("is `{}`, expected a whole number from 1 to {EPISODES_MAX}", self.num_episodes);
            FieldError::new("num_episodes", message)
        })
    }

    fn reward_weights(&self) -> RewardWeights {
        let [task_success, tool_usage_efficiency, response_quality] =
            self.weights.each_ref().map(|weight| number::read(weight.trim()).unwrap_or(f64::NAN));
        RewardWeights { task_success, tool_usage_efficiency, response_quality }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use types::{ParameterKind, ParameterSpec};

    fn algorithms() -> Vec<ExtensionSpec> {
        let rate = ParameterSpec {
            name: "learning_rate".into(),
            label: "Learning rate".into(),
            description: "Step of the optimiser.".into(),
            kind: ParameterKind::Number { min: 0.0001, max: 0.1 },
            default: Value::from(0.003),
        };
        vec![ExtensionSpec {
            name: "reinforce".into(),
            label: "REINFORCE".into(),
            description: "x".into(),
            parameters: vec![rate],
        }]
    }

    fn draft() -> TrainingDraft {
        TrainingDraft { agent_id: "3f2c8a54-0000-4000-8000-000000000001".into(), ..TrainingDraft::new("reinforce") }
    }

    #[test]
    fn the_defaults_are_a_valid_request_without_parameters() {
        let request = draft().request(&algorithms()).unwrap();
        assert!(request.parameters.is_empty());
        assert_eq!(request.reward_weights, Some(RewardWeights::default()));
    }

    #[test]
    fn a_parameter_out_of_its_declared_range_is_refused_by_its_name() {
        let mut draft = draft();
        draft.parameters.insert("learning_rate".into(), 5.into());
        let errors = draft.request(&algorithms()).unwrap_err();
        assert_eq!(errors[0].field, "learning_rate");
        draft.parameters.insert("learning_rate".into(), 0.01.into());
        assert_eq!(draft.request(&algorithms()).unwrap().parameters["learning_rate"], 0.01);
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let wrong = TrainingDraft {
            agent_id: String::new(),
            num_episodes: "0".into(),
            seed: "-1".into(),
            weights: ["0".into(), "0".into(), "0".into()],
            ..draft()
        };
        let errors = wrong.request(&algorithms()).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["agent_id", "num_episodes", "seed", "reward_weights"]);
    }
}
