//! A draft of a case as it is kept, wherever it comes from.

use types::TestCaseCreate;

/// The draft with its texts as they are kept.
///
/// An optional text that is empty says nothing, as an absent one: a cell of a table cannot tell the two apart, so that a
/// case that could would differ from itself once it was exported and imported. And PostgreSQL has no NUL character.
/// The first turn says what the person asks; it need not be said twice.
pub(super) fn entered(draft: TestCaseCreate) -> TestCaseCreate {
    let kept = |text: String| if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text };
    let said = |text: Option<String>| text.filter(|text| !text.is_empty()).map(kept);
    let first = draft.turns.first().map(|turn| turn.user.clone()).filter(|_| draft.user_input.is_empty());
    TestCaseCreate {
        name: said(draft.name),
        user_input: kept(first.unwrap_or(draft.user_input)),
        expected_output: said(draft.expected_output),
        task_type: kept(draft.task_type),
        external_id: said(draft.external_id),
        suite: said(draft.suite),
        call_mode: said(draft.call_mode),
        system: said(draft.system),
        cluster: said(draft.cluster),
        ..draft
    }
}
