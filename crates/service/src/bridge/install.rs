//! The worker's private Python: a virtual environment beside the data, filled from the pinned list that this binary
//! carries. Installed once for each version of the list; two processes never install at once.

use super::process::{Line, Process};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

/// What is installed: versions and hashes.
const LOCK: &str = include_str!("../../../../bridge/requirements.lock");

/// The worker's own sources.
const SOURCES: [(&str, &str); 7] = [
    ("__init__.py", include_str!("../../../../bridge/rl_chatbot_bridge/__init__.py")),
    ("__main__.py", include_str!("../../../../bridge/rl_chatbot_bridge/__main__.py")),
    ("app.py", include_str!("../../../../bridge/rl_chatbot_bridge/app.py")),
    ("langgraph_agents.py", include_str!("../../../../bridge/rl_chatbot_bridge/langgraph_agents.py")),
    ("own.py", include_str!("../../../../bridge/rl_chatbot_bridge/own.py")),
    ("pydantic_agents.py", include_str!("../../../../bridge/rl_chatbot_bridge/pydantic_agents.py")),
    ("turn.py", include_str!("../../../../bridge/rl_chatbot_bridge/turn.py")),
];

/// Longest time one command of the installation may say nothing.
const SILENCE_MAX: Duration = Duration::from_secs(300);
/// Names in the environment that a package installer has a use for; nothing else is handed on, above all no key.
const INSTALLER_KNOWS: [&str; 14] = [
    "PATH",
    "HOME",
    "LANG",
    "TMPDIR",
    "SYSTEMROOT",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "XDG_CACHE_HOME",
];
/// What to do about it.
const BY_HAND: &str = "`make bridge` installs it by hand and shows what is wrong";

/// The installed worker.
#[derive(Clone, Debug)]
pub struct Installed {
    /// Its interpreter.
    pub python: PathBuf,
    /// The folder its package is in.
    pub sources: PathBuf,
}

/// The worker in `folder`, installed by the interpreter `python` when it is not there yet. `tell` hears how far it is.
///
/// # Errors
/// What is missing or failed, in words that say what to do.
pub async fn install(folder: &Path, python: &str, tell: impl Fn(String)) -> Result<Installed, String> {
    let folder = std::path::absolute(folder).map_err(|error| unusable(folder, &error))?;
    let venv = venv_in(&folder);
    let sources = write_sources(&folder).map_err(|error| unusable(&folder, &error))?;
    let installed = Installed { python: interpreter(&venv), sources };
    if !is_complete(&venv) {
        tell("Installing the Python frameworks; this happens once and takes about a minute.".into());
        let _alone = alone(&folder).await?;
        // Whoever had the lock before may have done it.
        if !is_complete(&venv) {
            fill(&venv, &folder, python, &tell).await?;
        }
    }
    Ok(installed)
}

/// Whether the worker is installed in `folder`.
pub fn is_installed(folder: &Path) -> bool {
    is_complete(&venv_in(folder))
}

/// Makes the virtual environment and installs the list into it.
async fn fill(venv: &Path, folder: &Path, python: &str, tell: &impl Fn(String)) -> Result<(), String> {
    let recent = "import sys; sys.exit(sys.version_info < (3, 11))";
    run(command(python).args(["-c", recent]), |_| ()).await.map_err(|problem| match problem {
        Problem::Missing => format!("`{python}` was not found; install Python 3.11 or newer (Debian: apt-get install -y python3-venv), or name it with BRIDGE_PYTHON"),
        Problem::Failed(_) => format!("`{python}` is older than Python 3.11; install a newer one and name it with BRIDGE_PYTHON"),
    })?;
    let made = run(command(python).args(["-m", "venv", "--clear"]).arg(venv), |_| ()).await;
    made.map_err(|problem| {
        format!("a virtual environment cannot be made ({problem}); install Python's venv (Debian: apt-get install -y python3-venv), then {BY_HAND}")
    })?;
    let list = folder.join("requirements.lock");
    fs::write(&list, LOCK).map_err(|error| unusable(&list, &error))?;
    let total = LOCK.lines().filter(|line| line.contains("==")).count();
    let mut begun = 0;
    let told = |line: &str| {
        tracing::info!(line, "installing the Python frameworks");
        begun += usize::from(line.starts_with("Collecting "));
        if line.starts_with("Collecting ") && begun % 20 == 0 {
            tell(format!("Installing the Python frameworks: {begun} of at most {total} packages."));
        }
    };
    // Only ready-made packages: installing runs no code of theirs. Every one of them has the hash on the list.
    let mut pip = command(interpreter(venv));
    pip.args(["-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input"]);
    pip.args(["--disable-pip-version-check", "--progress-bar", "off", "--requirement"]).arg(&list);
    run(&mut pip, told)
        .await
        .map_err(|problem| format!("the Python frameworks could not be installed ({problem}); {BY_HAND}"))?;
    let marker = marker(venv);
    fs::write(&marker, LOCK).map_err(|error| unusable(&marker, &error))
}

/// A command with the little of the environment that an installer needs.
fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    let known = std::env::vars_os().filter(|(name, _)| {
        let name = name.to_string_lossy();
        INSTALLER_KNOWS.contains(&&*name) || name.starts_with("PIP_")
    });
    command.env_clear().envs(known);
    command
}

#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("not found")]
    Missing,
    #[error("{0}")]
    Failed(String),
}

/// Runs a command to its end.
async fn run(command: &mut Command, mut told: impl FnMut(&str)) -> Result<(), Problem> {
    let mut process = Process::start(command).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Problem::Missing,
        _ => Problem::Failed(error.to_string()),
    })?;
    let mut last = String::new();
    loop {
        match tokio::time::timeout(SILENCE_MAX, process.line()).await {
            Ok(Some(Line::Output(line))) => told(&line),
            Ok(Some(Line::Error(line))) if line.trim().is_empty() => {}
            Ok(Some(Line::Error(line))) => last = line,
            Ok(None) => break,
            Err(_) => return Err(Problem::Failed(format!("it said nothing for {} seconds", SILENCE_MAX.as_secs()))),
        }
    }
    if process.end(SILENCE_MAX).await { Ok(()) } else { Err(Problem::Failed(agents::redacted(&last, None))) }
}

/// The right to install, held until dropped; waits for another process that has it.
async fn alone(folder: &Path) -> Result<File, String> {
    let path = folder.join("install.lock");
    let locked = tokio::task::spawn_blocking(move || {
        let file = File::create(&path)?;
        file.lock()?;
        Ok(file)
    });
    let locked = locked.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
    locked.map_err(|error: std::io::Error| unusable(folder, &error))
}

/// Writes the worker's sources where nothing else is; a folder for each version of them.
fn write_sources(folder: &Path) -> std::io::Result<PathBuf> {
    let all: String = SOURCES.iter().flat_map(|(name, text)| [*name, *text]).collect();
    let root = folder.join(format!("worker-{}", short_hash(&all)));
    let package = root.join("rl_chatbot_bridge");
    fs::create_dir_all(&package)?;
    for (name, text) in SOURCES {
        let path = package.join(name);
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        let unfinished = package.join(format!("{name}.{}", std::process::id()));
        fs::write(&unfinished, text)?;
        fs::rename(unfinished, path)?;
    }
    Ok(root)
}

/// One for each version of the list.
fn venv_in(folder: &Path) -> PathBuf {
    folder.join(format!("python-{}", short_hash(LOCK)))
}

fn interpreter(venv: &Path) -> PathBuf {
    if cfg!(windows) { venv.join("Scripts/python.exe") } else { venv.join("bin/python") }
}

fn marker(venv: &Path) -> PathBuf {
    venv.join("installed.lock")
}

/// Whether everything on the list was installed, and the interpreter is still there.
fn is_complete(venv: &Path) -> bool {
    fs::read_to_string(marker(venv)).is_ok_and(|list| list == LOCK) && interpreter(venv).exists()
}

fn unusable(path: &Path, error: &std::io::Error) -> String {
    format!("the folder of the Python frameworks cannot be used: {}: {error}; BRIDGE_DIR names another", path.display())
}

fn short_hash(text: &str) -> String {
    Sha256::digest(text).iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_source_of_the_worker_is_carried() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../bridge/rl_chatbot_bridge");
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let there: BTreeSet<String> = names.filter(|name| name.ends_with(".py")).collect();
        assert_eq!(SOURCES.iter().map(|(name, _)| (*name).to_owned()).collect::<BTreeSet<_>>(), there);
    }

    #[test]
    fn every_package_on_the_list_has_a_version_and_a_hash() {
        let packages: Vec<&str> = LOCK.lines().filter(|line| !line.starts_with([' ', '#'])).collect();
        assert!(packages.len() > 50 && packages.iter().all(|line| line.contains("==") && line.ends_with('\\')));
        assert!(packages.len() <= LOCK.matches("--hash=sha256:").count());
    }

    #[tokio::test]
    async fn a_missing_python_says_what_to_install() {
        let folder = tempfile::tempdir().unwrap();
        let error = install(folder.path(), "no-such-python", |_| ()).await.unwrap_err();
        assert!(error.contains("`no-such-python` was not found") && error.contains("python3-venv"), "{error}");
    }

    #[tokio::test]
    async fn a_python_that_fails_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let error = install(folder.path(), "false", |_| ()).await.unwrap_err();
        assert!(error.contains("older than Python 3.11"), "{error}");
    }

    #[tokio::test]
    async fn an_installation_that_is_there_is_not_made_again() {
        let folder = tempfile::tempdir().unwrap();
        let venv = venv_in(folder.path());
        fs::create_dir_all(interpreter(&venv).parent().unwrap()).unwrap();
        fs::write(interpreter(&venv), "").unwrap();
        fs::write(marker(&venv), LOCK).unwrap();
        let installed = install(folder.path(), "no-such-python", |_| panic!("it tells something")).await.unwrap();
        assert!(installed.sources.join("rl_chatbot_bridge/__main__.py").exists());
        assert!(is_installed(folder.path()));
        fs::write(marker(&venv), "an older list").unwrap();
        assert!(!is_installed(folder.path()));
        assert!(install(folder.path(), "no-such-python", |_| ()).await.is_err());
    }
}
