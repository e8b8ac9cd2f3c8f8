//! Markdown to HTML that is safe to show: no raw HTML, no images, links that leave open apart and tell nothing.

use super::highlight::{Highlighter, classes};
use ammonia::Builder;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, html::push_html};
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
    push_html(&mut html, coloured(Parser::new_ext(text, options).filter_map(harmless)).into_iter());
    with_copy_buttons(&cleaner().clean(&html).to_string())
}

/// Every block of code with a button that copies it; the page listens for it.
fn with_copy_buttons(html: &str) -> String {
    const BUTTON: &str = "<div class=\"code-block\"><button type=\"button\" class=\"code-copy\">Copy code</button>";
    // The cleaned text has these marks only where a block begins and ends: what a reply says of them is escaped.
    html.replace("<pre>", &format!("{BUTTON}<pre tabindex=\"0\">")).replace("</pre>", "</pre></div>")
}

/// Raw HTML becomes text; an image becomes its description.
fn harmless(event: Event<'_>) -> Option<Event<'_>> {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        other => Some(other),
    }
}

/// Blocks of code with their parts in colours.
fn coloured<'a>(events: impl Iterator<Item = Event<'a>>) -> Vec<Event<'a>> {
    let highlighter = Highlighter::new();
    let mut all = Vec::new();
    let mut block: Option<(String, String)> = None;
    for event in events {
        match (&mut block, event) {
            (Some((_, code)), Event::Text(text)) => code.push_str(&text),
            (_, Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language)))) => {
                block = Some((language.to_string(), String::new()));
                all.push(Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))));
            }
            (_, Event::End(TagEnd::CodeBlock)) => {
                all.extend(block.take().into_iter().flat_map(|(language, code)| highlighter.events(&language, code)));
                all.push(Event::End(TagEnd::CodeBlock));
            }
            (_, other) => all.push(other),
        }
    }
    all
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
            .add_allowed_classes("span", classes())
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

    /// Everything in an answer that would run a script, load something, or take the page over.
    const HOSTILE: [&str; 22] = [
        "<script>alert(1)</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<img src=x onerror=alert(1)>",
        "![pixel](http://evil.example/p.png)",
        "![pixel](//evil.example/p.png \"t\")",
        "![a][b]\n\n[b]: http://evil.example/p.png",
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt:alert(1))",
        "[click](java&#115;cript:alert(1))",
        "[click](&#x6A;avascript:alert(1))",
        "[click](data:text/html,<script>alert(1)</script>)",
        "[click](vbscript:x)",
        "<javascript:alert(1)>",
        "<iframe src='http://evil.example'></iframe>",
        "<a href='http://x' onclick='alert(1)'>x</a>",
        "<style>body{display:none}</style>",
        "<svg/onload=alert(1)>",
        "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
        "<form action='http://evil.example'><input autofocus onfocus=alert(1)></form>",
        "<base href='http://evil.example'><link rel=stylesheet href='http://evil.example/a.css'>",
        "`<img src=x onerror=alert(1)>`",
        "```html onload=x\"><img src=x>\n<script>alert(1)</script>\n```",
    ];

    /// The opening tags of a text, as a browser would find them.
    fn tags(html: &str) -> impl Iterator<Item = &str> {
        html.split('<').skip(1).filter_map(|rest| rest.split('>').next())
    }

    #[test]
    fn nothing_in_a_reply_can_run_or_load() {
        const HARMLESS: [&str; 25] = [
            "p",
            "span",
            "a",
            "code",
            "pre",
            "div",
            "button",
            "em",
            "strong",
            "ul",
            "ol",
            "li",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "hr",
            "br",
            "table",
            "del",
            "th",
            "td",
        ];
        for text in HOSTILE {
            let html = to_html(text);
            for tag in tags(&html) {
                let tag = tag.trim_start_matches('/').to_ascii_lowercase();
                let name = tag.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap();
                assert!(HARMLESS.contains(&name), "{text} became {html}");
                for bad in [" on", "/on", "src", "style=", "script:", "data:"] {
                    assert!(!tag.contains(bad), "{text} became {html}");
                }
            }
        }
    }

    #[test]
    fn a_block_of_code_can_be_copied_and_what_only_looks_like_one_stays_text() {
        let html = to_html("```rust\nlet x = \"<pre>\";\n```");
        assert_eq!(html.matches("code-copy").count(), 1, "{html}");
        assert!(
            html.contains("<span class=\"hl-string\">\"&lt;pre&gt;\"</span>")
                && html.contains("<code class=\"language-rust\">"),
            "{html}"
        );
        assert_eq!(to_html("<pre>").matches("code-copy").count(), 0);
    }

    #[test]
    fn links_open_apart_and_tell_nothing() {
        let html = to_html("[x](https://example.org)");
        assert!(html.contains("rel=\"noopener noreferrer nofollow\"") && html.contains("target=\"_blank\""), "{html}");
    }
}
