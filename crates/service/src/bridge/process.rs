//! A child process that is heard line by line and does not outlive whoever started it.

use std::{
    io::{self, BufRead, BufReader, Read},
    process::{Child, ChildStdin, Command, Stdio},
    thread,
    time::Duration,
};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Longest line; a longer one is told in pieces.
const LINE_BYTES_MAX: u64 = 4096;
/// Lines that may wait to be heard.
const LINES_WAITING_MAX: usize = 64;
/// How often the end of a process is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// What a process said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Line {
    /// On standard output.
    Output(String),
    /// On standard error.
    Error(String),
}

/// A child process; killed when dropped.
pub struct Process {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<Line>,
}

impl Process {
    /// Starts a command. It keeps out of the terminal's process group, so that an interrupt does not reach it before us.
    ///
    /// # Errors
    /// As [`Command::spawn`].
    pub fn start(command: &mut Command) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (sender, lines) = channel(LINES_WAITING_MAX);
        if let Some(output) = child.stdout.take() {
            tell_lines(output, Line::Output, sender.clone());
        }
        if let Some(errors) = child.stderr.take() {
            tell_lines(errors, Line::Error, sender);
        }
        Ok(Self { input: child.stdin.take(), child, lines })
    }

    /// The next line; `None` once the process closed its outputs, as it does when it ends.
    pub async fn line(&mut self) -> Option<Line> {
        self.lines.recv().await
    }

    /// Closes the process's input and waits until it ends, by force when it has not after `grace`. Whether it succeeded.
    pub async fn end(mut self, grace: Duration) -> bool {
        self.input = None;
        let deadline = tokio::time::Instant::now() + grace;
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return status.success(),
                Ok(None) if tokio::time::Instant::now() < deadline => tokio::time::sleep(LOOK_EVERY).await,
                // Dropping it kills it.
                Ok(None) | Err(_) => return false,
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already, which is what this wants.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn tell_lines(pipe: impl Read + Send + 'static, kind: fn(String) -> Line, lines: Sender<Line>) {
    thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        while let Ok(1..) = (&mut pipe).take(LINE_BYTES_MAX).read_until(b'\n', &mut line) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            // When nobody hears it any more, the process is about to be killed.
            if lines.blocking_send(kind(text)).is_err() {
                return;
            }
            line.clear();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Process {
        Process::start(Command::new("sh").args(["-c", script])).unwrap()
    }

    #[tokio::test]
    async fn lines_are_told_until_the_end() {
        let mut process = shell("echo one; echo two >&2; exit 3");
        let mut said = Vec::new();
        while let Some(line) = process.line().await {
            said.push(line);
        }
        assert!(said.contains(&Line::Output("one".into())) && said.contains(&Line::Error("two".into())), "{said:?}");
        assert!(!process.end(Duration::from_secs(30)).await);
    }

    #[tokio::test]
    async fn a_process_that_reads_ends_with_its_input() {
        let process = shell("cat >/dev/null");
        assert!(process.end(Duration::from_secs(30)).await);
    }

    #[tokio::test]
    async fn a_process_that_does_not_let_go_is_killed() {
        let mut process = shell("echo $$; exec tail -f /dev/null");
        let Some(Line::Output(pid)) = process.line().await else { panic!() };
        assert!(!process.end(Duration::ZERO).await);
        assert!(!std::path::Path::new(&format!("/proc/{pid}/cmdline")).exists());
    }

    #[tokio::test]
    async fn a_line_without_end_comes_in_pieces() {
        let mut process = shell("head -c 10000 /dev/zero");
        let Some(Line::Output(piece)) = process.line().await else { panic!() };
        assert_eq!(piece.len(), 4096);
    }
}
