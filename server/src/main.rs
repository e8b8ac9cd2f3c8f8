//! The program `rl-chatbot`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    if let Err(error) = server::heap::watch() {
        eprintln!("free memory will not be given back: {error}");
    }
    server::cli::run().await
}
