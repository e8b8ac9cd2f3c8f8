//! The icon set: 20 × 20, one stroke, drawn for this application. Icons are decoration: what they mean is said in words.

use leptos::prelude::*;

/// A picture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Icon {
    /// Something needs a look.
    Alert,
    /// An agent.
    Agent,
    /// Down.
    ArrowDown,
    /// Calculation.
    Calculator,
    /// Test cases.
    Cases,
    /// Chat.
    Chat,
    /// Done.
    Check,
    /// Opens what is beside it.
    Chevron,
    /// Takes away from view.
    Close,
    /// Copies.
    Copy,
    /// A document.
    Document,
    /// Evaluations.
    Evaluation,
    /// Writes anew.
    Edit,
    /// The front page.
    Home,
    /// Keys.
    Keyboard,
    /// Leaderboard.
    Leaderboard,
    /// The mark of the application.
    Mark,
    /// More.
    Menu,
    /// Dark.
    Moon,
    /// Adds.
    Plus,
    /// Once more.
    Redo,
    /// Looks for.
    Search,
    /// Sends.
    Send,
    /// Settings.
    Settings,
    /// Stops.
    Stop,
    /// Light.
    Sun,
    /// As the system says.
    System,
    /// Bad.
    ThumbDown,
    /// Good.
    ThumbUp,
    /// A tool.
    Tool,
    /// Training.
    Training,
    /// Deletes.
    Trash,
    /// Weather.
    Weather,
}

impl Icon {
    /// The icon of a tool.
    pub fn of_tool(name: &str) -> Self {
        match name {
            "calculate" => Self::Calculator,
            "search" => Self::Search,
            "get_weather" => Self::Weather,
            _ => Self::Tool,
        }
    }

    fn path(self) -> &'static str {
        PATHS.iter().find(|(icon, _)| *icon == self).map_or("", |(_, path)| path)
    }
}

/// The strokes of each icon, in a box of 20 by 20.
const PATHS: [(Icon, &str); 33] = [
    (Icon::Alert, "M10 3.2 17.6 16.4H2.4ZM10 8v4M10 14.2v.1"),
    (
        Icon::Agent,
        "M4 8.5a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2V14a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2ZM10 6.5V3.4M7.6 10.6v1M12.4 10.6v1M2 10.5v2M18 10.5v2",
    ),
    (Icon::ArrowDown, "M10 4v11.5M5 10.8l5 5 5-5"),
    (
        Icon::Calculator,
        "M5 2.8h10a1 1 0 0 1 1 1v12.4a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V3.8a1 1 0 0 1 1-1ZM7 6h6M7 9.8h.1M10 9.8h.1M13 9.8h.1M7 13.6h.1M10 13.6h.1M13 13.6h.1",
    ),
    (Icon::Cases, "M3 4.5h2M3 10h2M3 15.5h2M8 4.5h9M8 10h9M8 15.5h9"),
    (
        Icon::Chat,
        "M3 5a1.5 1.5 0 0 1 1.5-1.5h11A1.5 1.5 0 0 1 17 5v7a1.5 1.5 0 0 1-1.5 1.5H9.5L5.5 17v-3.5h-1A1.5 1.5 0 0 1 3 12ZM6.5 7.2h7M6.5 10h4.5",
    ),
    (Icon::Check, "M4 10.5l4 4 8-9"),
    (Icon::Chevron, "M7.5 4.5l5.5 5.5-5.5 5.5"),
    (Icon::Close, "M5 5l10 10M15 5L5 15"),
    (Icon::Copy, "M7.5 7.5h8.5v9h-8.5ZM12.5 7.5v-4H4v9h3.5"),
    (Icon::Document, "M5 2.8h6.5l3.5 3.5v10.9H5ZM11.5 2.8v3.5H15M7.5 10h5M7.5 13h5"),
    (Icon::Edit, "M4 16l.8-3.4L13.6 3.8l2.6 2.6-8.8 8.8ZM11.8 5.6l2.6 2.6"),
    (Icon::Evaluation, "M10 3a7 7 0 1 0 7 7M10 6.5a3.5 3.5 0 1 0 3.5 3.5M10 10l6.5-6.5M13.8 3.8l.2 2.2 2.2.2"),
    (Icon::Home, "M3 9.2 10 3.2l7 6M5 8v8.5h10V8M8.3 16.5v-4.5h3.4v4.5"),
    (Icon::Keyboard, "M2.5 5.5h15v9h-15ZM5.5 8.5h.1M8.5 8.5h.1M11.5 8.5h.1M14.5 8.5h.1M6.5 11.6h7"),
    (Icon::Leaderboard, "M3.5 16.5v-6h4v6M7.5 16.5V4h5v12.5M12.5 16.5v-8.5h4v8.5M2.5 16.5h15"),
    (Icon::Mark, "M4 15.5c3.5 0 3.5-6 6-6s2.5-5 6-5M4 4.5v11h12.5M13.5 2.6l2.7 1.9-1.9 2.7"),
    (Icon::Menu, "M4 10h.1M10 10h.1M16 10h.1"),
    (Icon::Moon, "M16 11.8A6.6 6.6 0 0 1 8.2 4 6.6 6.6 0 1 0 16 11.8Z"),
    (Icon::Plus, "M10 4v12M4 10h12"),
    (Icon::Redo, "M16 4v4.5h-4.5M16 8.5A6.5 6.5 0 1 0 16.3 12"),
    (Icon::Search, "M8.8 3.5a5.3 5.3 0 1 0 0 10.6 5.3 5.3 0 0 0 0-10.6ZM12.8 12.8l4 4"),
    (Icon::Send, "M10 16.5V4M5 9l5-5 5 5"),
    (Icon::Settings, "M3 6h8M15 6h2M13 4v4M3 14h2M9 14h8M7 12v4"),
    (Icon::Stop, "M6 6h8v8H6Z"),
    (
        Icon::Sun,
        "M10 6.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4ZM10 2.5v1.4M10 16.1v1.4M2.5 10h1.4M16.1 10h1.4M4.7 4.7l1 1M14.3 14.3l1 1M15.3 4.7l-1 1M5.7 14.3l-1 1",
    ),
    (Icon::System, "M3 4h14v9.5H3ZM7 17h6M10 13.5V17"),
    (
        Icon::ThumbDown,
        "M6.5 11.5 9.5 17a1.7 1.7 0 0 0 1.7-1.7v-2.8h4a1.5 1.5 0 0 0 1.5-1.8l-1-5.4a1.5 1.5 0 0 0-1.5-1.3H6.5ZM6.5 4h-3v7.5h3",
    ),
    (
        Icon::ThumbUp,
        "M6.5 8.5 9.5 3a1.7 1.7 0 0 1 1.7 1.7v2.8h4a1.5 1.5 0 0 1 1.5 1.8l-1 5.4a1.5 1.5 0 0 1-1.5 1.3H6.5ZM6.5 16h-3V8.5h3",
    ),
    (
        Icon::Tool,
        "M12 3.3a4 4 0 0 0-3.6 5.6L3.3 14a1.9 1.9 0 0 0 2.7 2.7l5.1-5.1A4 4 0 0 0 16.5 6.8L14 9.2 10.8 6l2.5-2.5A4 4 0 0 0 12 3.3Z",
    ),
    (Icon::Training, "M3 3v14h14M5.5 14c3 0 3-3.5 5-4.5S13.5 8 16.5 4.5"),
    (Icon::Trash, "M3.5 5.5h13M8 5.5V3.3h4v2.2M5.2 5.5l.8 11.2h8l.8-11.2M8.5 8.8v4.7M11.5 8.8v4.7"),
    (
        Icon::Weather,
        "M6.2 15.5a3.2 3.2 0 0 1-.3-6.4 4.3 4.3 0 0 1 8.3-.6 3.5 3.5 0 0 1-.4 7ZM4.5 5l-.9-.9M8.5 3.6V2.5M2.8 8.2H1.7",
    ),
];

/// Draws an icon.
#[component]
pub fn Glyph(
    /// Which.
    icon: Icon,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
}
