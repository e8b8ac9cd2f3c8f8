//! Markdown to HTML that is safe to show: no raw HTML, no images, links that leave open apart and tell nothing.

use ammonia::Builder;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html::push_html};
use std::sync::OnceLock;
use types::{Conversation, MessageId, Role};

/// Longest text that is rendered, in bytes; the rest stays plain text.
const BYTES_MAX: usize = 200_000;

/// The agent's messages of a conversation as HTML.
pub fn replies(conversation: &Conversation) -> Vec<(MessageId, String)> {
    let replies = conversation.messages.iter().filter(|message| message.role == Role::Assistant);
    replies.map(|message| (message.id, to_html(&message.content))).collect()
}

/// Sanitised HTML of a Markdown text.
pub fn to_html(text: &str) -> String {
    if text.len() > BYTES_MAX {
        return format!("<pre>{}</pre>", ammonia::clean_text(text));
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut html = String::with_capacity(text.len() * 2);
    push_html(&mut html, Parser::new_ext(text, options).filter_map(harmless));
    cleaner().clean(&html).to_string()
}

/// Raw HTML becomes text; an image becomes its description.
fn harmless(event: Event<'_>) -> Option<Event<'_>> {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        other => Some(other),
    }
}

fn cleaner() -> &'static Builder<'static> {
    static CLEANER: OnceLock<Builder<'static>> = OnceLock::new();
    CLEANER.get_or_init(|| {
        let mut builder = Builder::default();
        builder
            .rm_tags(["img", "picture", "map", "area"])
            .url_schemes(["http", "https", "mailto"].into())
            .link_rel(Some("noopener noreferrer nofollow"))
            .add_tag_attributes("code", ["class"])
            .set_tag_attribute_value("a", "target", "_blank");
        builder
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_rendered() {
        assert_eq!(to_html("**15 × 23** is `345`"), "<p><strong>15 × 23</strong> is <code>345</code></p>\n");
    }

    #[test]
    fn nothing_in_a_reply_can_run_or_load() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "![pixel](http://evil.example/p.png)",
            "[click](javascript:alert(1))",
            "<iframe src='http://evil.example'></iframe>",
            "<a href='http://x' onclick='alert(1)'>x</a>",
            "<style>body{display:none}</style>",
        ] {
            let html = to_html(text);
            for bad in ["<script", "<img", "<iframe", "<style", "href=\"javascript", "<a href='http://x'"] {
                assert!(!html.contains(bad), "{text} became {html}");
            }
        }
    }

    #[test]
    fn links_open_apart_and_tell_nothing() {
        let html = to_html("[x](https://example.org)");
        assert!(html.contains("rel=\"noopener noreferrer nofollow\"") && html.contains("target=\"_blank\""), "{html}");
    }
}
