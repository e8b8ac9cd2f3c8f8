//! Reads the files that a person chose. Browser only: on the server no event ever comes.

use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys};
use wasm_bindgen_futures::JsFuture;

/// Gives name and text of the chosen file to `take`, of several one after the other as one text; the message when one cannot
/// be read goes to `failed`.
pub fn read_chosen(event: &web_sys::Event, take: Callback<(String, String)>, failed: WriteSignal<Option<String>>) {
    let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    let Some(files) = input.and_then(|input| input.files()) else { return };
    spawn_local(async move {
        let (mut names, mut all) = (String::new(), String::new());
        for file in (0..files.length()).filter_map(|place| files.get(place)) {
            let name = file.name();
            let content = JsFuture::from(file.text()).await.ok().and_then(|content| content.as_string());
            // A browser reads bytes that are no UTF-8 as U+FFFD without a word.
            let Some(content) = content.filter(|content| !content.contains('\u{fffd}')) else {
                failed.try_set(Some(format!("The file {name} is not UTF-8 text; save it as UTF-8.")));
                return;
            };
            if !all.is_empty() {
                names += ", ";
                all.push('\n');
            }
            names += &name;
            all += &content;
        }
        if !names.is_empty() {
            failed.try_set(None);
            take.try_run((names, all));
        }
    });
}
