//! The program `rl-chatbot`.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Gives memory back when a training is over; the C library's allocator keeps it in the arenas of its threads.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    server::cli::run().await
}
