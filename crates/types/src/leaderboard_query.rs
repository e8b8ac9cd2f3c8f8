//! What a leaderboard is asked for. All of it stands in the address, so that a link shows the same ranking.

use crate::{AgentId, Error, FieldError, Split};
use std::{collections::BTreeMap, str::FromStr};

/// Which cases are ranked over, of those that the agents were judged on; all that is set must fit.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CaseScope {
    /// Only of this suite.
    pub suite: Option<String>,
    /// Only with this tag.
    pub tag: Option<String>,
    /// Only of this split.
    pub split: Option<Split>,
}

/// What cases are put into categories by; each case is in one of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CategoryBy {
    /// Their suite.
    Suite,
    /// Their split.
    Split,
}

/// Which agents can be compared.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum CaseMatch {
    /// Those judged on the set of cases that most of them share.
    #[default]
    Same,
    /// All of them, on the cases that they have in common.
    Shared,
}

/// The order of the ranked rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LeaderboardSort {
    /// By rank.
    #[default]
    Rank,
    /// The highest reward first.
    Reward,
    /// The highest tool usage efficiency first.
    Efficiency,
    /// The highest response quality first.
    Quality,
    /// The shortest median latency first.
    Latency,
    /// The cheapest first.
    Cost,
    /// The greatest difference to the baseline first.
    Baseline,
}

/// What a leaderboard is asked for.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct LeaderboardQuery {
    /// The agent that all others are compared with.
    pub baseline: Option<AgentId>,
    /// Which cases.
    pub scope: CaseScope,
    /// Categories whose weighted mean is the score; none = all cases together.
    pub by: Option<CategoryBy>,
    /// Weight of each category by its name; 1 for those that are not named.
    pub weights: BTreeMap<String, f64>,
    /// Which agents can be compared.
    pub cases: CaseMatch,
    /// Only these agents; none = all.
    pub agents: Vec<AgentId>,
    /// In which order.
    pub sort: LeaderboardSort,
}

/// Words of the address and what they mean.
pub const SPLIT_WORDS: [(&str, Split); 3] = [("train", Split::Train), ("dev", Split::Dev), ("test", Split::Test)];
const CATEGORIES: [(&str, CategoryBy); 2] = [("suite", CategoryBy::Suite), ("split", CategoryBy::Split)];
const MATCHES: [(&str, CaseMatch); 2] = [("same", CaseMatch::Same), ("shared", CaseMatch::Shared)];
const SORTS: [(&str, LeaderboardSort); 7] = [
    ("rank", LeaderboardSort::Rank),
    ("reward", LeaderboardSort::Reward),
    ("efficiency", LeaderboardSort::Efficiency),
    ("quality", LeaderboardSort::Quality),
    ("latency", LeaderboardSort::Latency),
    ("cost", LeaderboardSort::Cost),
    ("baseline", LeaderboardSort::Baseline),
];

impl LeaderboardQuery {
    /// The keys that [`Self::read`] asks for.
    pub const KEYS: [&str; 9] = ["baseline", "suite", "tag", "split", "by", "weights", "cases", "agents", "sort"];

    /// Reads a query from the value of each key; an empty value is none.
    ///
    /// # Errors
    /// [`Error::Fields`]: every value that means nothing.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let mut errors = Vec::new();
        let told = |key: &str| value(key).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let baseline = told("baseline").map(|text| AgentId::from_str(&text));
        let baseline = noted(&mut errors, "baseline", baseline.transpose().map_err(|_| NOT_AN_AGENT.to_owned()));
        let split = noted(&mut errors, "split", word(told("split").as_deref(), &SPLIT_WORDS));
        let by = noted(&mut errors, "by", word(told("by").as_deref(), &CATEGORIES));
        let cases = noted(&mut errors, "cases", word(told("cases").as_deref(), &MATCHES));
        let sort = noted(&mut errors, "sort", word(told("sort").as_deref(), &SORTS));
        let weights = noted(&mut errors, "weights", weights(&told("weights").unwrap_or_default()).map(Some));
        let agents = noted(&mut errors, "agents", agents(&told("agents").unwrap_or_default()).map(Some));
        if !errors.is_empty() {
            return Err(Error::Fields(errors));
        }
        Ok(Self {
            baseline,
            scope: CaseScope { suite: told("suite"), tag: told("tag"), split },
            by,
            weights: weights.unwrap_or_default(),
            cases: cases.unwrap_or_default(),
            agents: agents.unwrap_or_default(),
            sort: sort.unwrap_or_default(),
        })
    }
}

const NOT_AN_AGENT: &str = "is not the id of an agent, a UUID such as 0192f0c1-2345-7890-abcd-ef0123456789";

fn noted<T>(errors: &mut Vec<FieldError>, field: &str, read: Result<Option<T>, String>) -> Option<T> {
    read.unwrap_or_else(|message| {
        errors.push(FieldError::new(field, message));
        None
    })
}

fn word<T: Copy>(text: Option<&str>, known: &[(&str, T)]) -> Result<Option<T>, String> {
    let Some(text) = text else { return Ok(None) };
    match known.iter().find(|(word, _)| *word == text) {
        Some((_, meant)) => Ok(Some(*meant)),
        None => {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            Err(format!("is `{text}`, expected one of {}", words.join(", ")))
        }
    }
}

/// `math:2,search:1`; a name may hold a colon, the weight follows the last one.
fn weights(text: &str) -> Result<BTreeMap<String, f64>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    let read = |part: &str| {
        let (name, weight) = part.rsplit_once(':')?;
        let weight = crate::number::read(weight.trim())?;
        (0.0..=1e6).contains(&weight).then(|| (name.trim().to_owned(), weight))
    };
    parts
        .map(|part| read(part).ok_or_else(|| format!("has `{part}`, expected a name and a weight such as `math:2`")))
        .collect()
}

fn agents(text: &str) -> Result<Vec<AgentId>, String> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().map_err(|_| format!("has `{part}`, which {NOT_AN_AGENT}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<LeaderboardQuery, Error> {
        let pairs: BTreeMap<_, _> = pairs.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        LeaderboardQuery::read(|key| pairs.get(key).cloned())
    }

    #[test]
    fn an_address_says_what_is_ranked_and_how() {
        let id = "0192f0c1-2345-7890-abcd-ef0123456789";
        let two = format!("{id},{id}");
        let asked = [
            ("baseline", id),
            ("tag", " long "),
            ("split", "test"),
            ("by", "suite"),
            ("weights", "a:b:2, search:0.5"),
            ("cases", "shared"),
            ("agents", two.as_str()),
            ("sort", "cost"),
        ];
        let query = read(&asked).unwrap();
        assert_eq!(query.baseline, id.parse().ok());
        assert_eq!((query.scope.tag.as_deref(), query.scope.split), (Some("long"), Some(Split::Test)));
        assert_eq!(query.weights, [("a:b".to_owned(), 2.0), ("search".to_owned(), 0.5)].into());
        assert_eq!(
            (query.by, query.cases, query.sort),
            (Some(CategoryBy::Suite), CaseMatch::Shared, LeaderboardSort::Cost)
        );
        assert_eq!(query.agents.len(), 2);
    }

    #[test]
    fn nothing_and_empty_values_ask_for_the_plain_ranking() {
        assert_eq!(read(&[]).unwrap(), LeaderboardQuery::default());
        assert_eq!(read(&[("baseline", ""), ("sort", " "), ("by", "")]).unwrap(), LeaderboardQuery::default());
    }

    #[test]
    fn every_value_that_means_nothing_is_named() {
        let refused = read(&[("baseline", "me"), ("weights", "math"), ("sort", "luck"), ("agents", "x")]).unwrap_err();
        let Error::Fields(fields) = refused else { panic!("{refused}") };
        let fields: Vec<_> = fields.into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["baseline", "sort", "weights", "agents"]);
        assert!(read(&[("weights", "math:-1")]).is_err());
    }
}
