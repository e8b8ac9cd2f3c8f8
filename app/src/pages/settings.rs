//! Settings: the model providers. Keys go in and are never shown. The forms work without JavaScript too.

use crate::{
    api::providers::{
        JudgesSaveCall, ProviderDeleteCall, ProviderSaveCall, judges, judges_save, provider_delete, provider_list,
        provider_restore, provider_save, provider_test,
    },
    components::{
        Button, Card, ErrorState, Glyph, Icon, Kind, Loaded, PageHeader, SelectField, TableFrame, TextField, error_of,
        use_toasts,
    },
    data::Data,
    error::AppError,
    request::{Refusal, Request},
};
use leptos::{
    ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local, wasm_bindgen::JsCast, web_sys::HtmlElement,
};
use types::{
    JudgeSettings, ModelChoice, PROVIDER_PRESETS, Provider, ProviderCreate, ProviderId, ProviderSource, Secret,
};

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let data = Data::new(|| (), |()| provider_list());
    let again = Callback::new(move |()| data.refetch());
    let draft = Draft::default();
    let chosen = Data::new(|| (), |()| judges());
    view! {
        <PageHeader title="Settings" lead="Model providers: any server that speaks the OpenAI Responses or Chat Completions API." />
        <div class="stack">
            <Card title="Model providers" lead="Agents name one of these. A key is stored and never shown.">
                <Loaded data render=move |providers| view! { <ProviderTable providers draft again /> }.into_any() />
            </Card>
            <Card title="Add or change a provider">
                <ProviderForm draft again />
            </Card>
            <Card title="Models that judge" lead="Answer checks by meaning or by a rubric ask these. Without them such checks are refused.">
                <Loaded data=chosen render=|chosen| view! { <JudgesForm chosen /> }.into_any() />
            </Card>
        </div>
    }
    .into_any()
}

#[component]
fn ProviderTable(providers: Vec<Provider>, draft: Draft, again: Callback<()>) -> impl IntoView {
    view! {
        <TableFrame label="Model providers">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Base URL"</th>
                    <th scope="col">"Key"</th>
                    <th scope="col">
                        <span class="visually-hidden">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody>{providers.into_iter().map(|provider| view! { <ProviderRow provider draft again /> }).collect_view()}</tbody>
        </TableFrame>
    }
    .into_any()
}

#[component]
fn ProviderRow(provider: Provider, draft: Draft, again: Callback<()>) -> impl IntoView {
    let edited = provider.clone();
    let Provider { id, name, base_url, has_key, source, .. } = provider;
    let stored = source == ProviderSource::Stored;
    let key = match (has_key, stored) {
        (true, true) => "stored",
        (true, false) => "from the environment",
        (false, _) => "none",
    };
    let (answer, busy) = (RwSignal::new(String::new()), RwSignal::new(false));
    let test = move |_| {
        busy.set(true);
        spawn_local(async move {
            let said = match provider_test(id).await {
                Ok(found) => listed(&found.models),
                Err(error) => error.detail(),
            };
            busy.try_set(false);
            answer.try_set(said);
        });
    };
    let edit = stored.then(|| view! { <EditProvider provider=edited draft /> });
    let delete = stored.then(|| view! { <DeleteProvider id name=name.clone() again /> });
    view! {
        <tr>
            <th scope="row" class="mono">{name}</th>
            <td class="mono" data-label="Base URL">{base_url}</td>
            <td data-label="Key">{key}</td>
            <td class="actions-cell">
                <Button busy on:click=test>"Test connection"</Button>
                {edit} {delete}
                <p class="muted" role="status">{move || answer.get()}</p>
            </td>
        </tr>
    }
}

#[component]
fn EditProvider(provider: Provider, draft: Draft) -> impl IntoView {
    let label = format!("Edit {}", provider.name);
    view! {
        <button type="button" class="icon-button" aria-label=label title="Edit" on:click=move |_| draft.edit(&provider)>
            <Glyph icon=Icon::Edit />
        </button>
    }
}

/// What a provider has, in a sentence.
fn listed(models: &[String]) -> String {
    const SHOWN: usize = 8;
    let first = models.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match models.len() {
        0 => "It answers, and has no model.".to_owned(),
        count if count > SHOWN => format!("It answers with {count} models: {first}, …"),
        count => format!("It answers with {count} models: {first}"),
    }
}

#[component]
fn DeleteProvider(id: ProviderId, name: String, again: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let label = format!("Delete {name}");
    let press = move |event: SubmitEvent| {
        event.prevent_default();
        let name = name.clone();
        spawn_local(async move {
            match provider_delete(id).await {
                Ok(()) => {
                    let restore = move || {
                        spawn_local(async move {
                            match provider_restore(id).await {
                                Ok(_) => drop(again.try_run(())),
                                Err(error) => toasts.fail(error.detail()),
                            }
                        });
                    };
                    toasts.undo(format!("{name} was deleted"), restore);
                    again.try_run(());
                }
                Err(error) => toasts.fail(error.detail()),
            }
        });
    };
    view! {
        <form method="post" action=ProviderDeleteCall::url() on:submit=press>
            <input type="hidden" name="id" value=id.to_string() />
            <button type="submit" class="icon-button" aria-label=label title="Delete">
                <Glyph icon=Icon::Trash />
            </button>
        </form>
    }
}

/// Which models judge replies.
#[component]
fn JudgesForm(chosen: JudgeSettings) -> impl IntoView {
    let text = |choice: Option<ModelChoice>| RwSignal::new(choice.map(|choice| choice.to_string()).unwrap_or_default());
    let (embeddings, judge) = (text(chosen.embeddings), text(chosen.judge));
    let request = Request::new(move || {
        embeddings.track();
        judge.track();
    });
    let toasts = use_toasts();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let answer = judges_save(embeddings.get_untracked(), judge.get_untracked());
        request.send(answer, move |_| toasts.say("The models that judge are set".to_owned()));
    };
    // Of the whole choice, its provider or its model.
    let error = move |field: &'static str| {
        Signal::derive(move || {
            request.fields().into_iter().find(|error| error.field.starts_with(field)).map(|e| e.message)
        })
    };
    view! {
        <form class="form" method="post" action=JudgesSaveCall::url() on:submit=submit>
            <TextField
                name="embeddings" label="Embedding model" value=embeddings error=error("embeddings")
                placeholder="openai/text-embedding-3-small" hint="For the check “same meaning”: a provider, a slash, its model."
            />
            <TextField
                name="judge" label="Judging model" value=judge error=error("judge")
                placeholder="openai/gpt-4o-mini" hint="For the check “judged by a model”."
            />
            <Refusal request/>
            <div class="actions">
                <Button kind=Kind::Primary r#type="submit" busy=request.busy>"Save"</Button>
            </div>
        </form>
    }
}

/// What the form says; cheap to copy.
#[derive(Clone, Copy, Default)]
struct Draft {
    /// The provider that is changed; none is a new one.
    id: RwSignal<Option<ProviderId>>,
    name: RwSignal<String>,
    base_url: RwSignal<String>,
    key: RwSignal<String>,
}

impl Draft {
    /// Fills the form with a stored provider. Its key is not known here: left empty, it stays.
    fn edit(self, provider: &Provider) {
        self.id.set(Some(provider.id));
        self.name.set(provider.name.clone());
        self.base_url.set(provider.base_url.clone());
        self.key.set(String::new());
        // There on the page that shows the form.
        if let Some(field) = document().get_element_by_id("name").and_then(|field| field.dyn_into::<HtmlElement>().ok())
        {
            field.focus().ok();
        }
    }

    fn clear(self) {
        self.id.try_set(None);
        for field in [self.name, self.base_url, self.key] {
            field.try_set(String::new());
        }
    }
}

#[component]
fn ProviderForm(draft: Draft, again: Callback<()>) -> impl IntoView {
    let Draft { id, name, base_url, key } = draft;
    let preset = RwSignal::new(String::new());
    let is_edited = move || id.get().is_some();
    let (touched, busy) = (RwSignal::new(false), RwSignal::new(false));
    let refused = RwSignal::new(None::<AppError>);
    let filled =
        move || ProviderCreate { name: name.get(), base_url: base_url.get(), api_key: Some(Secret(key.get())) };
    let wrong = Memo::new(move |_| filled().validate());
    let shown = move |field: &'static str| {
        Signal::derive(move || wrong.with(|errors| error_of(errors, field)).filter(|_| touched.get()))
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        touched.set(true);
        if wrong.with_untracked(Vec::is_empty) {
            save(draft, [touched, busy], refused, again);
        }
    };
    let options = presets(draft, preset);
    view! {
        <form class="form" method="post" action=ProviderSaveCall::url() on:submit=submit>
            <SelectField name="preset" label="What it is" value=preset options=options hint="Fills in name and address." />
            <TextField name="name" label="Name" value=name error=shown("name") hint="What agents name it by, such as `ollama`." />
            <TextField name="base_url" label="Base URL" value=base_url error=shown("base_url") placeholder="http://localhost:11434/v1" />
            <TextField name="api_key" label="Key" value=key error=shown("api_key") r#type="password" hint="Empty: a server that asks for none; of a stored provider the key stays as it is." />
            {move || refused.get().map(|error| view! { <ErrorState error /> }.into_any())}
            <div class="actions">
                <Button kind=Kind::Primary r#type="submit" busy>
                    {move || if is_edited() { "Save provider" } else { "Add provider" }}
                </Button>
                <Show when=is_edited>
                    <Button kind=Kind::Ghost on:click=move |_| draft.clear()>
                        "Cancel"
                    </Button>
                </Show>
            </div>
        </form>
    }
}

/// The providers that a form can start with; a chosen one fills it in.
fn presets(Draft { name, base_url, .. }: Draft, preset: RwSignal<String>) -> Vec<(String, String)> {
    Effect::new(move |_| {
        let chosen = preset.get();
        if let Some((_, own, url)) = PROVIDER_PRESETS.iter().find(|(_, own, _)| *own == chosen) {
            name.set((*own).to_owned());
            base_url.set((*url).to_owned());
        }
    });
    std::iter::once((String::new(), "Something else".to_owned()))
        .chain(PROVIDER_PRESETS.iter().map(|(label, own, _)| ((*own).to_owned(), (*label).to_owned())))
        .collect()
}

/// Stores what the fields say, and empties them once it is there.
fn save(draft: Draft, [touched, busy]: [RwSignal<bool>; 2], refused: RwSignal<Option<AppError>>, again: Callback<()>) {
    let [name, base_url, key] = [draft.name, draft.base_url, draft.key].map(|field| field.get_untracked());
    let id = draft.id.get_untracked();
    busy.set(true);
    spawn_local(async move {
        let answer = provider_save(id, name, base_url, key).await;
        busy.try_set(false);
        refused.try_set(answer.as_ref().err().cloned());
        if answer.is_ok() {
            touched.try_set(false);
            draft.clear();
            again.try_run(());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_told_in_a_sentence_and_not_all_of_many() {
        let models = |count: usize| (0..count).map(|n| format!("m{n}")).collect::<Vec<_>>();
        assert_eq!(listed(&models(2)), "It answers with 2 models: m0, m1");
        assert!(listed(&models(20)).ends_with("m7, …"));
        assert_eq!(listed(&[]), "It answers, and has no model.");
    }
}
