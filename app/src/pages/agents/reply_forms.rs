//! The registered forms of replies: nothing else is ever said by an agent that replies in forms.

use crate::components::{Card, TableFrame};
use leptos::prelude::*;
use types::ReplyForm;

/// The forms with their slots.
#[component]
pub fn ReplyForms(
    /// The forms.
    forms: Vec<ReplyForm>,
) -> impl IntoView {
    let row = |form: ReplyForm| {
        view! {
            <tr>
                <th scope="row" class="mono">
                    {form.name}
                </th>
                <td data-label="Text">{form.template}</td>
                <td data-label="Used when" class="muted">
                    {form.description}
                </td>
            </tr>
        }
    };
    view! {
        <Card
            title="Reply forms"
            lead="This agent writes no language of its own. Its network chooses one of these forms and points at the values in a tool's result that fill the {slots}."
        >
            <TableFrame label="Reply forms">
                <thead>
                    <tr>
                        <th scope="col">"Form"</th>
                        <th scope="col">"Text"</th>
                        <th scope="col">"Used when"</th>
                    </tr>
                </thead>
                <tbody>{forms.into_iter().map(row).collect_view()}</tbody>
            </TableFrame>
        </Card>
    }
}
