//! What surrounds every page: skip link, navigation, main region, messages and shortcuts.

use crate::{
    components::{
        icon::{Glyph, Icon},
        shortcuts::Shortcuts,
        theme_switch::{ThemeSwitch, provide_theme},
        toast::ToastRegion,
    },
    keyboard::keys_of,
};
use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlDetailsElement, HtmlElement},
};
use leptos_router::{components::A, hooks::use_location};

struct Destination {
    path: &'static str,
    label: &'static str,
    icon: Icon,
}

const fn to(path: &'static str, label: &'static str, icon: Icon) -> Destination {
    Destination { path, label, icon }
}

const DESTINATIONS: &[Destination] = &[
    to("/", "Home", Icon::Home),
    to("/chat", "Chat", Icon::Chat),
    to("/agents", "Agents", Icon::Agent),
    to("/tools", "Tools", Icon::Tool),
    to("/cases", "Test cases", Icon::Cases),
    to("/evaluations", "Evaluations", Icon::Evaluation),
    to("/leaderboard", "Leaderboard", Icon::Leaderboard),
    to("/training", "Training", Icon::Training),
    to("/trajectories", "Trajectories", Icon::Document),
    to("/settings", "Settings", Icon::Settings),
];

/// On a phone these four have their own place; the rest is under More.
const PHONE: [&str; 4] = ["/", "/chat", "/evaluations", "/training"];

/// The layout around `children`, the routes.
#[component]
pub fn Layout(
    /// The routes.
    children: Children,
) -> impl IntoView {
    provide_theme();
    move_focus_with_page();
    let sheet = RwSignal::new(false);
    let wide = RwSignal::new(false);
    view! {
        <a class="skip-link" href="#main">
            "Skip to content"
        </a>
        <div class="layout" data-wide=move || wide.get().then_some("")>
            <Sidebar sheet wide />
            <main class="main" id="main" tabindex="-1">
                {children()}
            </main>
            <BottomBar sheet />
        </div>
        <ToastRegion />
        <Shortcuts open=sheet />
    }
}

/// After a change of page the focus starts in its content, unless the page has put it somewhere itself.
fn move_focus_with_page() {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let now = path.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(|| {
                let main = document().get_element_by_id("main").and_then(|main| main.dyn_into::<HtmlElement>().ok());
                let Some(main) = main else { return };
                if !main.contains(document().active_element().as_deref()) {
                    // Fails only when the element has left the page.
                    main.focus().ok();
                }
            });
        }
        now
    });
}

#[component]
fn Sidebar(sheet: RwSignal<bool>, wide: RwSignal<bool>) -> impl IntoView {
    view! {
        <header class="sidebar">
            <div class="sidebar-head">
                <A href="/" attr:class="brand" attr:aria-label="RL Chatbot, home">
                    <Glyph icon=Icon::Mark />
                    <span class="sidebar-text">"RL Chatbot"</span>
                </A>
                <button
                    type="button"
                    class="icon-button sidebar-toggle"
                    aria-label="Wide navigation"
                    aria-pressed=move || wide.get().to_string()
                    on:click=move |_| wide.update(|wide| *wide = !*wide)
                >
                    <Glyph icon=Icon::Chevron />
                </button>
            </div>
            <nav aria-label="Main">
                <ul class="nav-list">{DESTINATIONS.iter().map(|place| view! { <NavItem place /> }).collect_view()}</ul>
            </nav>
            <div class="sidebar-foot">
                <ThemeSwitch />
                <ShortcutsButton sheet />
            </div>
        </header>
    }
}

#[component]
fn ShortcutsButton(sheet: RwSignal<bool>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="icon-button"
            title="Keyboard shortcuts (?)"
            aria-label="Keyboard shortcuts"
            on:click=move |_| sheet.set(true)
        >
            <Glyph icon=Icon::Keyboard />
        </button>
    }
}

#[component]
fn NavItem(place: &'static Destination) -> impl IntoView {
    let keys = keys_of(place.path).map(|keys| format!("{} ({keys})", place.label));
    view! {
        <li>
            <A href=place.path exact={place.path == "/"} attr:class="nav-item" attr:title=keys>
                <Glyph icon=place.icon />
                <span class="sidebar-text">{place.label}</span>
            </A>
        </li>
    }
}

#[component]
fn BottomBar(sheet: RwSignal<bool>) -> impl IntoView {
    let open = RwSignal::new(false);
    let location = use_location();
    Effect::new(move |_| {
        location.pathname.track();
        open.set(false);
    });
    let (own, more): (Vec<_>, Vec<_>) = DESTINATIONS.iter().partition(|place| PHONE.contains(&place.path));
    view! {
        <nav class="bottom-bar" aria-label="Main, short">
            <ul class="nav-list">{own.into_iter().map(|place| view! { <NavItem place /> }).collect_view()}</ul>
            <details
                class="more"
                prop:open=move || open.get()
                on:toggle=move |event| open.set(event_target::<HtmlDetailsElement>(&event).open())
            >
                <summary class="nav-item">
                    <Glyph icon=Icon::Menu />
                    <span class="sidebar-text">"More"</span>
                </summary>
                <div class="more-sheet">
                    <ul class="nav-list">{more.into_iter().map(|place| view! { <NavItem place /> }).collect_view()}</ul>
                    <div class="sidebar-foot">
                        <ThemeSwitch />
                        <ShortcutsButton sheet />
                    </div>
                </div>
            </details>
        </nav>
    }
}
