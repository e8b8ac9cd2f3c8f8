//! The three-way theme: a cookie that the server reads, so that the first paint is right.

use leptos::{prelude::*, wasm_bindgen::JsCast};
use web_sys::HtmlDocument;

/// Name of the cookie.
pub const THEME_COOKIE: &str = "theme";

/// What the person chose.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// As the operating system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All three, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in the cookie and in `data-theme`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of this word; anything else is the system's.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word).unwrap_or_default()
    }

    /// The theme that a `Cookie` header asks for.
    pub fn from_cookies(header: &str) -> Self {
        header
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == THEME_COOKIE)
            .map_or(Self::System, |(_, word)| Self::from_word(word))
    }

    /// The theme of this page: from the request on the server, from the document in the browser.
    pub fn current() -> Self {
        if is_server() {
            return use_context::<Self>().unwrap_or_default();
        }
        let root = document().document_element();
        root.and_then(|root| root.get_attribute("data-theme")).map_or(Self::System, |word| Self::from_word(&word))
    }

    /// The cookie that keeps the choice for a year.
    pub fn cookie(self) -> String {
        format!("{THEME_COOKIE}={}; Path=/; Max-Age=31536000; SameSite=Lax", self.as_str())
    }

    /// Keeps the choice in this browser.
    pub fn keep(self) {
        if let Ok(document) = document().dyn_into::<HtmlDocument>() {
            // Refused only where cookies are: then the choice lasts as long as the page.
            document.set_cookie(&self.cookie()).ok();
        }
    }

    /// Paints this page in the theme, without waiting for the server.
    pub fn paint(self) {
        if let Some(root) = document().document_element() {
            // The attribute name is a constant that the browser accepts.
            root.set_attribute("data-theme", self.as_str()).ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_theme_is_found_among_other_cookies() {
        for (header, theme) in [
            ("theme=dark", Theme::Dark),
            ("session=abc; theme=light; x=1", Theme::Light),
            ("mytheme=dark", Theme::System),
            ("theme=neon", Theme::System),
            ("", Theme::System),
        ] {
            assert_eq!(Theme::from_cookies(header), theme, "{header}");
        }
    }
}
