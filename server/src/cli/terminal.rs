//! Words on the terminal: results on standard output, everything else on standard error.

use std::io::{IsTerminal, Write};
use types::Error;

/// A line of the result.
pub fn say(text: &str) {
    // A closed pipe has no reader to tell.
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// A piece of the result, shown at once.
pub fn show(text: &str) {
    let mut out = std::io::stdout();
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}

/// A line beside the result.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Why the command failed.
pub fn complain(text: &str) {
    note(&format!("rl-chatbot: {text}"));
}

/// Whether a person sits at standard input.
pub fn is_interactive() -> bool {
    std::io::stdin().is_terminal()
}

/// Whether a person reads standard error.
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}

/// An error for the person who started the command; a fault of ours is told whole, they own the machine.
pub fn explained(error: &Error) -> String {
    match error {
        Error::Internal(cause) => format!("internal error: {cause}"),
        other => other.to_string(),
    }
}
