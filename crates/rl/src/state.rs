//! The full state of a run between two episodes, as bytes: with it a run goes on bit for bit.
//!
//! Chance needs no state: the numbers of an episode are a stream of the run's seed named by the episode.

use serde::{Deserialize, Serialize};
use types::Error;

const MAGIC: &[u8; 8] = b"rlstate1";
const HEADER_BYTES_MAX: usize = 64 * 1024;

/// What lies beside the weights. Numbers are bits, so that none is rounded.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Header {
    /// Of the job: another job cannot go on from here.
    pub algorithm: String,
    /// Of the job.
    pub seed: u64,
    /// Episodes completed.
    pub episodes_done: u32,
    /// What the best checkpoint was chosen by: its reward on choosing cases and in training.
    pub best: Option<(u64, u64)>,
    /// Held-out reward of the starting policy.
    pub held_out_before: Option<u64>,
    /// Held-out reward of the best policy.
    pub held_out_best: Option<u64>,
}

/// Header, learner and best policy.
#[derive(Clone, PartialEq, Debug)]
pub struct Saved {
    /// The numbers.
    pub header: Header,
    /// Weights and moments.
    pub learner: Vec<u8>,
    /// Checkpoint of the best policy.
    pub best_policy: Vec<u8>,
}

impl Saved {
    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = serde_json::to_vec(&self.header).unwrap_or_default();
        let parts = [&header, &self.learner, &self.best_policy];
        // Megabytes in every episode: room for all of it at once, rather than twice as much as it grows.
        let mut bytes = Vec::with_capacity(MAGIC.len() + parts.iter().map(|part| 8 + part.len()).sum::<usize>());
        bytes.extend(MAGIC);
        for part in parts {
            bytes.extend((part.len() as u64).to_le_bytes());
            bytes.extend(part);
        }
        bytes
    }

    /// From bytes.
    ///
    /// # Errors
    /// Bytes that are no saved state.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let damaged = |what: &str| Error::Invalid(format!("the saved training state is damaged: {what}"));
        let mut rest = bytes.strip_prefix(MAGIC).ok_or_else(|| damaged("it does not begin like one"))?;
        let mut part = || {
            let (length, after) = rest.split_first_chunk::<8>()?;
            let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
            let (part, after) = after.split_at_checked(length)?;
            rest = after;
            Some(part)
        };
        let (Some(header), Some(learner), Some(best_policy)) = (part(), part(), part()) else {
            return Err(damaged("it is cut off"));
        };
        if header.len() > HEADER_BYTES_MAX {
            return Err(damaged("its header is too long"));
        }
        let header = serde_json::from_slice(header).map_err(|_| damaged("its header cannot be read"))?;
        Ok(Self { header, learner: learner.to_vec(), best_policy: best_policy.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_back_and_a_damaged_one_is_refused() {
        let header = Header {
            algorithm: "reinforce".into(),
            seed: u64::MAX,
            episodes_done: 3,
            best: Some((0.1_f64.to_bits(), f64::NAN.to_bits())),
            held_out_before: None,
            held_out_best: Some(0.3_f64.to_bits()),
        };
        let saved = Saved { header, learner: vec![1, 2], best_policy: vec![3] };
        let bytes = saved.to_bytes();
        assert_eq!(Saved::from_bytes(&bytes), Ok(saved));
        for end in [0, 7, 20, bytes.len() - 1] {
            assert!(Saved::from_bytes(&bytes[..end]).is_err(), "{end}");
        }
        assert!(Saved::from_bytes(&[MAGIC.as_slice(), &[0xff; 64]].concat()).is_err());
    }
}
