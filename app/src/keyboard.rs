//! The one registry of keyboard shortcuts: it drives the handler, the tooltips and the `?` sheet.

/// What a shortcut does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// Opens a page.
    Go(&'static str),
    /// Opens the sheet of shortcuts.
    Sheet,
    /// Goes to the row so many rows on.
    Row(i32),
    /// Chooses the row, or leaves it.
    Choose,
}

/// One shortcut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shortcut {
    /// Keys in order, separated by a space: `g c`.
    pub keys: &'static str,
    /// What it does, for people.
    pub label: &'static str,
    /// What it does.
    pub action: Action,
}

const fn go(keys: &'static str, label: &'static str, path: &'static str) -> Shortcut {
    Shortcut { keys, label, action: Action::Go(path) }
}

/// Every shortcut of the application.
pub const SHORTCUTS: &[Shortcut] = &[
    go("g h", "Go to Home", "/"),
    go("g c", "Go to Chat", "/chat"),
    go("g a", "Go to Agents", "/agents"),
    go("g o", "Go to Tools", "/tools"),
    go("g t", "Go to Test cases", "/cases"),
    go("g e", "Go to Evaluations", "/evaluations"),
    go("g l", "Go to Leaderboard", "/leaderboard"),
    go("g r", "Go to Training", "/training"),
    go("g s", "Go to Settings", "/settings"),
    Shortcut { keys: "j", label: "Next row of the table", action: Action::Row(1) },
    Shortcut { keys: "k", label: "Previous row of the table", action: Action::Row(-1) },
    Shortcut { keys: "x", label: "Choose the row, or leave it", action: Action::Choose },
    Shortcut { keys: "?", label: "Show keyboard shortcuts", action: Action::Sheet },
];

/// Keys that act where the focus is; listed in the sheet, handled by their components.
pub const LOCAL_KEYS: &[(&str, &str)] = &[
    ("Enter", "Send the message"),
    ("Shift Enter", "New line in the message"),
    ("Esc", "Stop the answer, or close what is open"),
];

/// The keys of the shortcut that opens `path`, for tooltips.
pub fn keys_of(path: &str) -> Option<&'static str> {
    let opens = |shortcut: &&Shortcut| matches!(shortcut.action, Action::Go(target) if target == path);
    SHORTCUTS.iter().find(opens).map(|shortcut| shortcut.keys)
}

/// What one more key leads to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Press {
    /// A shortcut is complete.
    Act(Action),
    /// A shortcut has begun.
    Wait(String),
    /// No shortcut.
    Ignore,
}

/// Feeds `key` after the keys `before` of a shortcut that has begun.
pub fn press(before: &str, key: &str) -> Press {
    let keys = if before.is_empty() { key.to_owned() } else { format!("{before} {key}") };
    if let Some(shortcut) = SHORTCUTS.iter().find(|shortcut| shortcut.keys == keys) {
        return Press::Act(shortcut.action);
    }
    let begun = format!("{keys} ");
    if SHORTCUTS.iter().any(|shortcut| shortcut.keys.starts_with(&begun)) {
        return Press::Wait(keys);
    }
    if before.is_empty() { Press::Ignore } else { press("", key) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g_then_a_letter_opens_a_page() {
        let Press::Wait(before) = press("", "g") else { panic!("g begins a shortcut") };
        assert_eq!(press(&before, "c"), Press::Act(Action::Go("/chat")));
        assert_eq!(press(&before, "r"), Press::Act(Action::Go("/training")));
    }

    #[test]
    fn a_wrong_second_key_starts_over() {
        assert_eq!(press("g", "g"), Press::Wait("g".into()));
        assert_eq!(press("g", "?"), Press::Act(Action::Sheet));
        assert_eq!(press("g", "z"), Press::Ignore);
    }

    #[test]
    fn every_shortcut_is_unique() {
        for (place, shortcut) in SHORTCUTS.iter().enumerate() {
            assert!(SHORTCUTS.iter().skip(place + 1).all(|other| other.keys != shortcut.keys), "{}", shortcut.keys);
        }
    }
}
