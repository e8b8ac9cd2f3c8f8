//! Runs an algorithm on a reference environment without the server: `cargo run --release -p rl --example reproduce --
//! cartpole ppo 500000 1 2 3`. With `HEALTH=1` every update is told as well.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (env, algorithm, steps) = (&arguments[0], &arguments[1], arguments[2].parse().unwrap());
    let health = std::env::var("HEALTH").is_ok();
    for seed in &arguments[3..] {
        let begun = Instant::now();
        let mut tell = |update: &rl::control::Health| {
            if health {
                println!("{}", serde_json::to_string(update).unwrap());
            }
        };
        let result = rl::reproduce(env, algorithm, seed.parse().unwrap(), steps, &mut tell).unwrap();
        println!("{} {:.2}s", serde_json::to_string(&result).unwrap(), begun.elapsed().as_secs_f64());
    }
}
