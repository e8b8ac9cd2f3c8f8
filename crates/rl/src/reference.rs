//! Environments with published results, to show that the algorithms are right. None of them has to do with chatting.
//!
//! Dynamics, limits and ends are those of Gymnasium's classic control tasks, registered with their time limits; the
//! tests compare them with transitions that Gymnasium itself computed.

mod acrobot;
mod bandit;
mod cart_pole;
mod mountain_car;

pub use acrobot::Acrobot;
pub use bandit::{BanditArms, ContextualBandit};
pub use cart_pole::CartPole;
pub use mountain_car::MountainCar;

use crate::stepwise::Make;

/// The environments by name. A new one is a file in `reference/` and a line here.
pub const ENVIRONMENTS: [(&str, Make); 5] = [
    ("cartpole", || Box::new(CartPole::default())),
    ("mountain_car", || Box::new(MountainCar::default())),
    ("acrobot", || Box::new(Acrobot::default())),
    ("bandit", || Box::new(ContextualBandit::default())),
    ("arms", || Box::new(BanditArms)),
];
