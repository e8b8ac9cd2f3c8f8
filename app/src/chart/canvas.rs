//! ECharts in the browser: loads the script once, draws, follows plot, theme and window, and is disposed of with the page.

use super::{
    Limits, Plot,
    options::{Palette, options},
};
use js_sys::{Function, JSON, Object, Reflect};
use leptos::{html::Div, prelude::*};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

const SCRIPT: &str = "/vendor/echarts.min.js";

/// Draws `plot` into `host` from now on; `drawn` says when the sketch can go.
pub fn draw(host: NodeRef<Div>, plot: Memo<Plot>, drawn: RwSignal<bool>) {
    let chart = StoredValue::new_local(None::<Object>);
    let hovered = RwSignal::new(false);
    let held = StoredValue::new(None::<(Limits, Limits)>);
    let script = script_ready();
    let theme = crate::components::theme_changes();
    let frame = StoredValue::new(false);

    let paint = move || {
        frame.try_set_value(false);
        let Some(element) = host.try_get_untracked().flatten() else { return };
        let Some(existing) = chart.try_get_value() else { return };
        let Some(instance) = existing.or_else(|| create(&element)) else { return };
        chart.set_value(Some(instance.clone()));
        let limits = plot.with_untracked(Plot::limits);
        let kept = held.get_value().filter(|_| hovered.get_untracked()).unwrap_or(limits);
        held.set_value(Some(kept));
        let options = plot.with_untracked(|plot| options(plot, kept, &palette()));
        set_options(&instance, &options);
        drawn.set(true);
    };
    // One drawing a frame, and never before the element is in the page.
    Effect::new(move || {
        plot.track();
        hovered.track();
        theme.track();
        if script.get() && host.get().is_some() && !frame.get_value() {
            frame.set_value(true);
            request_animation_frame(paint);
        }
    });
    Effect::new(move || {
        let Some(element) = host.get() else { return };
        follow_pointer(&element, hovered);
    });
    let resize = window_event_listener(leptos::ev::resize, move |_| {
        if let Some(Some(instance)) = chart.try_get_value() {
            call(&instance, "resize", None);
        }
    });
    on_cleanup(move || {
        resize.remove();
        if let Some(Some(instance)) = chart.try_get_value() {
            call(&instance, "dispose", None);
        }
    });
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

fn follow_pointer(element: &web_sys::HtmlDivElement, hovered: RwSignal<bool>) {
    for (event, over) in [("pointerenter", true), ("pointerleave", false)] {
        let listener = Closure::<dyn FnMut()>::new(move || {
            hovered.try_set(over);
        });
        // Dropped with the element it listens on.
        let _ = element.add_event_listener_with_callback(event, listener.into_js_value().unchecked_ref());
    }
}

/// The tokens of the present theme.
fn palette() -> Palette {
    let style = document().document_element().and_then(|root| window().get_computed_style(&root).ok().flatten());
    let token = |name: &str| {
        let value = style.as_ref().and_then(|style| style.get_property_value(name).ok());
        value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).unwrap_or_else(|| "#888888".into())
    };
    Palette {
        text: token("--ink"),
        muted: token("--muted"),
        line: token("--line"),
        surface: token("--surface"),
        series: (1..=8).map(|slot| token(&format!("--series-{slot}"))).collect(),
    }
}
