//! A turn of a case in its editor: the question, the checks of the answer, the calls.

use super::{
    Offer,
    form::{ArgumentForm, CallForm, CheckForm, Form, TurnForm, ticked},
    parts::{act, area, card, folded, hidden, line, select, slot, suggested, tick_box, words},
};
use leptos::prelude::*;
use types::{ExtensionSpec, ParameterKind};

/// All turns.
pub fn turns(form: &Form, offer: &Offer) -> AnyView {
    let several = form.turns.len() > 1;
    let turns: Vec<AnyView> =
        form.turns.iter().enumerate().map(|(place, turn)| turn_cards(turn, place, several, form, offer)).collect();
    view! {
        {hidden("as_turns", &form.as_turns)}
        {turns}
        <div class="actions">{act("Another turn", "", "add_turn")}</div>
    }
    .into_any()
}

fn turn_cards(turn: &TurnForm, place: usize, several: bool, form: &Form, offer: &Offer) -> AnyView {
    let path = format!("turns.{place}");
    let title = if several { format!("Turn {}", place + 1) } else { "Question and answer".to_owned() };
    let tools_title = if several { format!("Tools in turn {}", place + 1) } else { "Tools".to_owned() };
    let order = several.then(|| order(place, form.turns.len()));
    let body = view! {
        {order}
        {area(&format!("{path}.user"), "Question", &turn.user, 3, "")}
        {checks(turn, &path, offer)}
    };
    let tools = card(&tools_title, "", tools(turn, &path, form, offer));
    view! { {card(&title, "", body.into_any())} {tools} }.into_any()
}

fn order(place: usize, count: usize) -> AnyView {
    let number = place + 1;
    view! {
        <div class="actions case-order">
            {(place > 0).then(|| act("Move up", &format!("Move turn {number} up"), &format!("up:turns.{place}")))}
            {(number < count).then(|| act("Move down", &format!("Move turn {number} down"), &format!("up:turns.{number}")))}
            {act("Remove", &format!("Remove turn {number}"), &format!("remove:turns.{place}"))}
        </div>
    }
    .into_any()
}

fn checks(turn: &TurnForm, path: &str, offer: &Offer) -> AnyView {
    let rows: Vec<AnyView> =
        turn.checks.iter().enumerate().map(|(at, check)| check_row(turn, check, path, at, offer)).collect();
    let both = [("all", "all of these checks pass"), ("any", "any of these checks passes")];
    let both = both.map(|(word, label)| (word.to_owned(), label.to_owned()));
    let combine = if turn.checks.len() > 1 {
        select(&format!("{path}.combine"), "The answer is right when", &turn.combine, &both, "")
    } else {
        hidden(&format!("{path}.combine"), &turn.combine).into_any()
    };
    view! {
        {hidden(&format!("{path}.as_tree"), &turn.as_tree)}
        {combine}
        {rows}
        {slot(&format!("{path}.answer"))}
        <div class="actions">{act("Another check", "", &format!("add_check:{path}"))}</div>
    }
    .into_any()
}

fn check_row(turn: &TurnForm, check: &CheckForm, path: &str, at: usize, offer: &Offer) -> AnyView {
    let own = format!("{path}.checks.{at}");
    let remove =
        (turn.checks.len() > 1).then(|| act("Remove", &format!("Remove check {}", at + 1), &format!("remove:{own}")));
    if !check.kept.is_empty() {
        return view! {
            <fieldset class="case-row">
                <legend>{format!("Check {}", at + 1)}</legend>
                {hidden(&format!("{own}.kept"), &check.kept)}
                <p class="field-hint">"Checks within checks: the JSON view shows and changes them."</p>
                <pre class="case-kept" tabindex="0">{check.kept.clone()}</pre>
                {slot(&own)}
                {remove}
            </fieldset>
        }
        .into_any();
    }
    let kinds: Vec<_> = offer.checks.iter().map(|spec| (spec.name.clone(), spec.label.clone())).collect();
    let spec = offer.checks.iter().find(|spec| spec.name == check.kind);
    let label = if ticked(&check.raw) { "Expected answer (JSON)" } else { "Expected answer" };
    view! {
        <fieldset class="case-row">
            <legend class="visually-hidden">{format!("Check {}", at + 1)}</legend>
            <div class="form-row">
                {line(&format!("{own}.expected"), label, &check.expected, "Leave empty when the answer is not checked.")}
                {hidden(&format!("{own}.raw"), &check.raw)}
                {select(&format!("{own}.kind"), "How it is compared", &check.kind, &kinds, "refresh")}
                {spec.filter(|spec| spec.name == "numeric").map(|spec| parameters(spec, check, &own, true))}
            </div>
            <p class="field-hint">{spec.map(|spec| spec.description.clone())}</p>
            {slot(&own)}
            {folded("Options of this check", has_options(check), options(spec, check, &own))}
            {remove}
        </fieldset>
    }
    .into_any()
}

fn has_options(check: &CheckForm) -> bool {
    let set = check.parameters.iter().any(|(name, value)| name != "tolerance" && !value.is_empty());
    set || ticked(&check.not) || ticked(&check.optional) || !check.weight.is_empty()
}

fn options(spec: Option<&ExtensionSpec>, check: &CheckForm, own: &str) -> AnyView {
    view! {
        <div class="form-row">
            {spec.map(|spec| parameters(spec, check, own, false))}
            {line(&format!("{own}.weight"), "Weight of this check", &check.weight, "In the quality of the answer; 1 is ordinary.")}
        </div>
        {tick_box(&format!("{own}.not"), "It must not pass", ticked(&check.not))}
        {tick_box(&format!("{own}.optional"), "The case passes without it, too", ticked(&check.optional))}
    }
    .into_any()
}

/// What the check declares; the tolerance stands beside the answer.
fn parameters(spec: &ExtensionSpec, check: &CheckForm, own: &str, tolerance: bool) -> AnyView {
    let wanted = |name: &str| (spec.name == "numeric" && name == "tolerance") == tolerance;
    let control = |spec: &types::ParameterSpec| {
        let name = format!("{own}.parameters.{}", spec.name);
        let value = check.parameters.get(&spec.name).cloned().unwrap_or_default();
        let default = spec.default.as_str().map_or_else(|| spec.default.to_string(), str::to_owned);
        let usual = (String::new(), format!("as usual ({default})"));
        match &spec.kind {
            ParameterKind::Choice { options } => {
                let options: Vec<_> = std::iter::once(usual).chain(words(options)).collect();
                select(&name, &spec.label, &value, &options, "")
            }
            ParameterKind::Boolean => {
                let options = [usual, ("true".into(), "yes".into()), ("false".into(), "no".into())];
                select(&name, &spec.label, &value, &options, "")
            }
            _ => line(&name, &spec.label, &value, &spec.description),
        }
    };
    spec.parameters.iter().filter(|spec| wanted(&spec.name)).map(control).collect_view().into_any()
}

fn tools(turn: &TurnForm, path: &str, form: &Form, offer: &Offer) -> AnyView {
    let rule = |value: &'static str, label: &'static str| {
        let on = turn.rule == value || (turn.rule.is_empty() && value == "not_checked");
        let act = (value == "calls").then_some("refresh");
        view! {
            <label class="check">
                <input type="radio" name=format!("{path}.rule") value=value checked=on data-act=act />
                <span>{label}</span>
            </label>
        }
        .into_any()
    };
    let calls = (turn.rule == "calls").then(|| calls(turn, path, form, offer));
    view! {
        <fieldset class="tool-rules">
            <legend>"What must the agent do with its tools?"</legend>
            {rule("not_checked", "Not checked")}
            {rule("no_tool", "Must call no tool")}
            {rule("these", "Must call these tools, and no others:")}
            <div class="tool-boxes" role="group" aria-label="Tools it must call">{boxes(turn, path, form, offer)}</div>
            {rule("calls", "Must make these calls, with their arguments:")}
            {calls}
            {slot(&format!("{path}.tools"))}
        </fieldset>
        {folded(
            "More about the calls",
            !turn.min_calls.is_empty(),
            line(&format!("{path}.min_calls"), "Fewest calls it can be done with", &turn.min_calls, "Whoever makes more is less efficient."),
        )}
    }
    .into_any()
}

/// The tools on offer, and those that the turn names although they are gone, or twice.
fn boxes(turn: &TurnForm, path: &str, form: &Form, offer: &Offer) -> AnyView {
    let mut left = turn.names.clone();
    let mut boxes: Vec<(String, bool)> = Vec::new();
    for name in offer.tool_names(form) {
        let place = left.iter().position(|named| *named == name);
        boxes.push((name, place.map(|place| left.remove(place)).is_some()));
    }
    boxes.extend(left.into_iter().map(|name| (name, true)));
    let tick = |(at, (name, on)): (usize, (String, bool))| {
        view! {
            <label class="check">
                <input type="checkbox" name=format!("{path}.names.{at}") value=name.clone() checked=on />
                <span class="mono">{name}</span>
            </label>
        }
    };
    boxes.into_iter().enumerate().map(tick).collect_view().into_any()
}

fn calls(turn: &TurnForm, path: &str, form: &Form, offer: &Offer) -> AnyView {
    let mut modes = vec![(String::new(), format!("as usual ({})", types::CALL_MODE))];
    modes.extend(
        offer
            .modes
            .iter()
            .filter(|mode| **mode != types::CALL_MODE)
            .map(|mode| (mode.to_string(), mode.replace('_', " "))),
    );
    let rows: Vec<AnyView> =
        turn.calls.iter().enumerate().map(|(at, call)| call_row(call, path, at, form, offer)).collect();
    view! {
        <div class="case-calls">
            {hidden(&format!("{path}.named_twice"), &turn.named_twice)}
            {rows}
            <div class="actions">{act("Another call", "", &format!("add_call:{path}"))}</div>
            {select(&format!("{path}.mode"), "How the calls must stand to these", &turn.mode, &modes, "")}
        </div>
    }
    .into_any()
}

fn call_row(call: &CallForm, path: &str, at: usize, form: &Form, offer: &Offer) -> AnyView {
    let own = format!("{path}.calls.{at}");
    let mut tools = vec![(String::new(), "choose a tool".to_owned())];
    tools.extend(words(offer.tool_names(form)));
    let list = format!("names-{own}");
    let known = offer.arguments(form, &call.name);
    let options = known.iter().map(|name| view! { <option value=name.clone()></option> }).collect_view();
    let arguments: Vec<AnyView> = call
        .arguments
        .iter()
        .enumerate()
        .map(|(place, argument)| argument_row(argument, &own, place, &list, offer))
        .collect();
    let more = !call.defaults.is_empty() || !call.ignored.is_empty();
    let number = at + 1;
    view! {
        <fieldset class="case-row">
            <legend>{format!("Call {number}")}</legend>
            <datalist id=list>{options}</datalist>
            {select(&format!("{own}.name"), "Tool", &call.name, &tools, "refresh")}
            {arguments}
            {slot(&own)}
            {tick_box(&format!("{own}.only_these"), "No other argument may be given", ticked(&call.only_these))}
            {folded("More about this call", more, view! {
                <div class="form-row">
                    {line(&format!("{own}.ignored"), "Arguments that do not matter", &call.ignored, "Separated by commas.")}
                    {line(&format!("{own}.defaults"), "What arguments are where they are not given", &call.defaults, "A JSON object, such as {\"unit\": \"celsius\"}.")}
                </div>
            }.into_any())}
            <div class="actions">
                {act("Another argument", &format!("Another argument of call {number}"), &format!("add_argument:{own}"))}
                {act("Remove call", &format!("Remove call {number}"), &format!("remove:{own}"))}
            </div>
        </fieldset>
    }
    .into_any()
}

fn argument_row(argument: &ArgumentForm, call: &str, place: usize, list: &str, offer: &Offer) -> AnyView {
    let own = format!("{call}.arguments.{place}");
    let mut rules = vec![(String::new(), "is".to_owned())];
    rules.extend(offer.rules.iter().map(|rule| (rule.name.to_owned(), rule.label.to_owned())));
    rules.push(("json".into(), "is like this JSON".into()));
    let example = offer.rules.iter().find(|rule| rule.name == argument.rule).map(|rule| rule.example);
    view! {
        <div class="form-row case-argument">
            {suggested(&format!("{own}.name"), "Argument", &argument.name, list)}
            {select(&format!("{own}.rule"), "Rule", &argument.rule, &rules, "refresh")}
            {line(&format!("{own}.value"), "Value", &argument.value, &example.map(|text| format!("Such as {text}")).unwrap_or_default())}
            {act("Remove", &format!("Remove the argument {}", argument.name), &format!("remove:{own}"))}
        </div>
    }
    .into_any()
}
