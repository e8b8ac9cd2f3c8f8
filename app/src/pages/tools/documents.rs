//! Documents of the offline search index: list, add, delete with Undo. The forms work without JavaScript too.

use crate::{
    api::documents::{DocumentCreateCall, DocumentDeleteCall, document_create, document_delete, document_list},
    components::{
        Button, Card, EmptyState, ErrorState, Glyph, Icon, Kind, Loaded, TableFrame, TextArea, TextField, TimeAgo,
        error_of, use_toasts,
    },
    data::Data,
    error::AppError,
    present::one_line,
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};
use types::{Document, DocumentCreate, Page, Paged};

/// Most documents listed.
const LISTED_MAX: u32 = 200;

/// The section.
#[component]
pub fn Documents() -> impl IntoView {
    let data = Data::new(|| (), |()| document_list(Page { skip: 0, limit: LISTED_MAX }));
    let again = Callback::new(move |()| data.refetch());
    view! {
        <Card title="Documents" lead="What you add here, search finds beside the small bundled collection.">
            <Loaded data render=move |documents| view! { <DocumentTable documents again /> }.into_any() />
        </Card>
        <Card title="Add a document">
            <AddDocument again />
        </Card>
    }
    .into_any()
}

#[component]
fn DocumentTable(documents: Paged<Document>, again: Callback<()>) -> impl IntoView {
    if documents.items.is_empty() {
        let text = "Search still finds the bundled collection. Add your own texts below.";
        return view! { <EmptyState icon=Icon::Document title="No documents of yours" text /> }.into_any();
    }
    view! {
        <TableFrame label="Documents">
            <thead>
                <tr>
                    <th scope="col">"Title"</th>
                    <th scope="col">"Begins"</th>
                    <th scope="col">"Added"</th>
                    <th scope="col">
                        <span class="visually-hidden">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody>
                {documents.items.into_iter().map(|document| view! { <DocumentRow document again /> }).collect_view()}
            </tbody>
        </TableFrame>
    }
    .into_any()
}

#[component]
fn DocumentRow(document: Document, again: Callback<()>) -> impl IntoView {
    let (id, name) = (document.id, format!("Delete {}", document.title));
    let (title, start) = (document.title.clone(), one_line(&document.body, 100));
    let added = document.created_at;
    let delete = deletion(document, again);
    let press = move |event: SubmitEvent| {
        event.prevent_default();
        delete();
    };
    view! {
        <tr>
            <th scope="row">{title}</th>
            <td class="muted" data-label="Begins">
                {start}
            </td>
            <td data-label="Added">
                <TimeAgo moment=added />
            </td>
            <td class="actions-cell">
                <form method="post" action=DocumentDeleteCall::url() on:submit=press>
                    <input type="hidden" name="id" value=id.to_string() />
                    <button type="submit" class="icon-button" aria-label=name title="Delete">
                        <Glyph icon=Icon::Trash />
                    </button>
                </form>
            </td>
        </tr>
    }
}

/// Deletes the document, and adds it again on Undo.
fn deletion(document: Document, again: Callback<()>) -> impl Fn() {
    let toasts = use_toasts();
    let restore = move |document: Document| {
        spawn_local(async move {
            match document_create(document.title, document.body).await {
                Ok(_) => drop(again.try_run(())),
                Err(error) => toasts.fail(error.detail()),
            }
        });
    };
    move || {
        let document = document.clone();
        spawn_local(async move {
            match document_delete(document.id).await {
                Ok(()) => {
                    toasts.undo(format!("{} was deleted", document.title), move || restore(document.clone()));
                    again.try_run(());
                }
                Err(error) => toasts.fail(error.detail()),
            }
        });
    }
}

#[component]
fn AddDocument(again: Callback<()>) -> impl IntoView {
    let (title, body) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (touched, busy) = (RwSignal::new(false), RwSignal::new(false));
    let refused = RwSignal::new(None::<AppError>);
    let wrong = Memo::new(move |_| DocumentCreate { title: title.get(), body: body.get() }.validate());
    let shown = move |field: &'static str| {
        Signal::derive(move || wrong.with(|errors| error_of(errors, field)).filter(|_| touched.get()))
    };
    let added = move || {
        touched.set(false);
        title.set(String::new());
        body.set(String::new());
        again.run(());
    };
    let add = addition(refused, busy, added);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        touched.set(true);
        if wrong.with_untracked(Vec::is_empty) {
            add(title.get_untracked(), body.get_untracked());
        }
    };
    view! {
        <form class="form" method="post" action=DocumentCreateCall::url() on:submit=submit>
            <TextField name="title" label="Title" value=title error=shown("title") />
            <TextArea name="body" label="Text" value=body error=shown("body") rows=6 />
            {move || refused.get().map(|error| view! { <ErrorState error /> }.into_any())}
            <div class="actions">
                <Button kind=Kind::Primary r#type="submit" busy>
                    "Add document"
                </Button>
            </div>
        </form>
    }
}

/// Adds a document and says so; `added` runs when it is there.
fn addition(
    refused: RwSignal<Option<AppError>>,
    busy: RwSignal<bool>,
    added: impl Fn() + Copy + 'static,
) -> impl Fn(String, String) + Copy {
    let toasts = use_toasts();
    move |title, body| {
        busy.set(true);
        spawn_local(async move {
            let answer = document_create(title, body).await;
            busy.try_set(false);
            refused.try_set(answer.as_ref().err().cloned());
            if let Ok(document) = answer {
                toasts.say(format!("{} was added; search finds it from now on", document.title));
                added();
            }
        });
    }
}
