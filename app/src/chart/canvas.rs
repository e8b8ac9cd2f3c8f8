//! ECharts in the browser: loads the script once, draws, follows plot, theme and window, and is disposed of with the page.

use super::{
    Limits, Plot,
    options::{Palette, options},
};
use leptos::{html::Div, prelude::*};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::js_sys::{Function, JSON, Object, Reflect};

const SCRIPT: &str = "/vendor/echarts.min.js";

/// What the chart tells the page, and the page the chart.
#[derive(Clone, Copy)]
pub struct Signals {
    /// Set once something is drawn: the sketch can go.
    pub drawn: RwSignal<bool>,
    /// Whether the pointer is over the chart: the axes keep still then.
    pub hovered: RwSignal<bool>,
}

/// Draws `plot` into `host` from now on.
pub fn draw(host: NodeRef<Div>, plot: Memo<Plot>, signals: Signals) {
    let canvas = Canvas {
        host,
        plot,
        signals,
        chart: StoredValue::new_local(None),
        held: StoredValue::new(None),
        colours: StoredValue::new(None),
    };
    let script = script_ready();
    let theme = crate::components::theme_changes();
    let frame = StoredValue::new(false);
    let paint = move || {
        frame.try_set_value(false);
        canvas.paint();
    };
    Effect::new(move || {
        theme.track();
        canvas.colours.set_value(None);
    });
    // One drawing a frame, and never before the element is in the page.
    Effect::new(move || {
        plot.track();
        signals.hovered.track();
        theme.track();
        if script.get() && host.get().is_some() && !frame.get_value() {
            frame.set_value(true);
            request_animation_frame(paint);
        }
    });
    let resize = window_event_listener(leptos::ev::resize, move |_| canvas.tell("resize"));
    on_cleanup(move || {
        resize.remove();
        canvas.tell("dispose");
    });
}

/// A chart on the page, and what was drawn last.
#[derive(Clone, Copy)]
struct Canvas {
    host: NodeRef<Div>,
    plot: Memo<Plot>,
    signals: Signals,
    chart: StoredValue<Option<Object>, LocalStorage>,
    held: StoredValue<Option<(Limits, Limits)>>,
    colours: StoredValue<Option<Palette>>,
}

impl Canvas {
    /// Nothing when the page was left meanwhile.
    fn paint(self) -> Option<()> {
        let element = self.host.try_get_untracked().flatten()?;
        let instance = self.chart.try_get_value()?.or_else(|| create(&element))?;
        self.chart.set_value(Some(instance.clone()));
        let limits = self.plot.with_untracked(Plot::limits);
        let kept = self.held.get_value().filter(|_| self.signals.hovered.get_untracked()).unwrap_or(limits);
        self.held.set_value(Some(kept));
        let colours = self.colours.get_value().unwrap_or_else(palette);
        set_options(&instance, &self.plot.with_untracked(|plot| options(plot, kept, &colours)));
        self.colours.set_value(Some(colours));
        self.signals.drawn.set(true);
        Some(())
    }

    fn tell(self, method: &str) {
        if let Some(Some(instance)) = self.chart.try_get_value() {
            call(&instance, method, None);
        }
    }
}

/// Whether ECharts is there; asks for it the first time.
fn script_ready() -> RwSignal<bool> {
    let ready = RwSignal::new(echarts().is_some());
    if ready.get_untracked() {
        return ready;
    }
    let document = document();
    let existing = document.query_selector(&format!("script[src='{SCRIPT}']")).ok().flatten();
    let script = existing.or_else(|| {
        let script = document.create_element("script").ok()?;
        script.set_attribute("src", SCRIPT).ok()?;
        document.head()?.append_child(&script).ok()?;
        Some(script)
    });
    if let Some(script) = script {
        let loaded = Closure::once_into_js(move || {
            ready.try_set(true);
        });
        // A listener that cannot be added leaves the sketch in place.
        let _ = script.add_event_listener_with_callback("load", loaded.unchecked_ref());
    }
    ready
}

fn echarts() -> Option<JsValue> {
    let library = Reflect::get(&window(), &"echarts".into()).ok()?;
    library.is_object().then_some(library)
}

fn create(element: &web_sys::HtmlDivElement) -> Option<Object> {
    let library = echarts()?;
    let init: Function = Reflect::get(&library, &"init".into()).ok()?.dyn_into().ok()?;
    let renderer = Object::new();
    Reflect::set(&renderer, &"renderer".into(), &"canvas".into()).ok()?;
    init.call3(&library, element, &JsValue::NULL, &renderer).ok()?.dyn_into().ok()
}

fn set_options(chart: &Object, options: &impl serde::Serialize) {
    let parsed = serde_json::to_string(options).ok().and_then(|text| JSON::parse(&text).ok());
    if let Some(parsed) = parsed {
        call(chart, "setOption", Some(&parsed));
    }
}

fn call(chart: &Object, method: &str, argument: Option<&JsValue>) {
    let function = Reflect::get(chart, &method.into()).ok().and_then(|f| f.dyn_into::<Function>().ok());
    if let Some(function) = function {
        // A failed drawing is ECharts' to report on the console; the table still tells the values.
        let _ = match argument {
            Some(argument) => function.call1(chart, argument),
            None => function.call0(chart),
        };
    }
}

/// The tokens of the present theme, as colours that a canvas understands.
fn palette() -> Palette {
    let colours = resolved(&["--ink", "--muted", "--line", "--surface"]);
    let series: Vec<String> = (1..=8).map(|slot| format!("--series-{slot}")).collect();
    let mut colours = colours.into_iter();
    let mut next = || colours.next().unwrap_or_default();
    Palette { text: next(), muted: next(), line: next(), surface: next(), series: resolved(&series) }
}

/// What the browser makes of these tokens: `light-dark(…)` as written would mean nothing on a canvas.
fn resolved(tokens: &[impl AsRef<str>]) -> Vec<String> {
    let document = document();
    let probe = document.create_element("span").ok().and_then(|probe| probe.dyn_into::<web_sys::HtmlElement>().ok());
    let (Some(probe), Some(body)) = (probe, document.body()) else { return Vec::new() };
    if body.append_child(&probe).is_err() {
        return Vec::new();
    }
    // A colour on its way to the next one would be read.
    probe.style().set_property("transition", "none").ok();
    let colour = |token: &str| {
        probe.style().set_property("color", &format!("var({token})")).ok()?;
        window().get_computed_style(&probe).ok()??.get_property_value("color").ok()
    };
    let colours = tokens.iter().map(|token| colour(token.as_ref()).unwrap_or_default()).collect();
    probe.remove();
    colours
}
