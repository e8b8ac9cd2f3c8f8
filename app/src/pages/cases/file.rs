//! Reads the file that a person chose. Browser only: on the server no event ever comes.

use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys};
use wasm_bindgen_futures::JsFuture;

/// Gives name and text of the chosen file to `take`; the message when it cannot be read goes to `failed`.
pub fn read_chosen(event: &web_sys::Event, take: Callback<(String, String)>, failed: WriteSignal<Option<String>>) {
    let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(file) = input.and_then(|input| input.files()).and_then(|files| files.get(0)) else { return };
    let name = file.name();
    spawn_local(async move {
        let content = JsFuture::from(file.text()).await.ok().and_then(|content| content.as_string());
        // A browser reads bytes that are no UTF-8 as U+FFFD without a word.
        match content.filter(|content| !content.contains('\u{fffd}')) {
            Some(content) => {
                failed.try_set(None);
                take.try_run((name, content));
            }
            None => {
                failed.try_set(Some(format!("The file {name} is not UTF-8 text; save it as UTF-8.")));
            }
        }
    });
}
