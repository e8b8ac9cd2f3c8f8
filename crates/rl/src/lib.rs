//! Reinforcement learning: environments, rollouts, rewards, algorithms, training.
