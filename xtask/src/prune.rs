//! Takes out of the module what the browser never runs, but what no compiler may drop.
//!
//! Leptos keeps, for every view whose type was erased, a pointer to each thing that can be done with it. Some of them are
//! never done here, and a pointer keeps its function alive. Their bodies become a trap: if one were called after all, the
//! page would fail at once and loudly, and the browser tests with it.

use crate::order::without_hash;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module, passes};

/// Ends of the names of functions that are never called, and why.
///
/// Only what is reached through nothing but a pointer of its own belongs here: the compiler keeps one of several equal
/// functions under any of their names.
const NEVER_CALLED: [(&str, &str); 3] = [
    // `hydrate_body` hydrates at once; only `hydrate_lazy` waits.
    ("IntoAny>::into_any::hydrate_async", "pages are hydrated at once"),
    ("IntoAny>::into_any::hydrate_async::{{closure}}", "pages are hydrated at once"),
    // A panic traps with or without its message: nothing in a browser reads what goes to standard error.
    ("::panicking::panic_fmt", "a panic only traps"),
];

/// Replaces the bodies, and drops what only they used. Answers with the names (and their reasons) that matched nothing:
/// another compiler may name or inline its functions otherwise.
pub fn prune(module: &mut Module) -> Vec<(&'static str, &'static str)> {
    let mut unmatched = Vec::new();
    for (end, why) in NEVER_CALLED {
        let named = functions_named(module, end);
        if named.is_empty() {
            unmatched.push((end, why));
        }
        for function in named {
            trap(module, function);
        }
    }
    passes::gc::run(module);
    unmatched
}

fn functions_named(module: &Module, end: &str) -> Vec<FunctionId> {
    let named = |name: &Option<String>| name.as_ref().is_some_and(|name| without_hash(name).ends_with(end));
    module.funcs.iter_local().map(|(id, _)| id).filter(|id| named(&module.funcs.get(*id).name)).collect()
}

fn trap(module: &mut Module, function: FunctionId) {
    let of = module.types.get(module.funcs.get(function).ty());
    let (parameters, results) = (of.params().to_vec(), of.results().to_vec());
    let arguments = parameters.iter().map(|of| module.locals.add(*of)).collect();
    let mut body = FunctionBuilder::new(&mut module.types, &parameters, &results);
    body.func_body().unreachable();
    module.funcs.get_mut(function).kind = FunctionKind::Local(body.local_func(arguments));
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::{ValType, ir::Value};

    /// A module that exports a function calling another, both named.
    fn module(inner: &str) -> Module {
        let mut module = Module::default();
        let mut callee = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        callee.name(inner.to_owned()).func_body().const_(Value::I32(7));
        let callee = callee.finish(Vec::new(), &mut module.funcs);
        let mut outer = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
        outer.name("<T as IntoAny>::into_any::hydrate_async".to_owned()).func_body().call(callee);
        let outer = outer.finish(Vec::new(), &mut module.funcs);
        module.exports.add("outer", outer);
        module
    }

    #[test]
    fn what_only_a_trap_used_is_dropped_and_names_that_match_nothing_are_told() {
        let mut module = module("inner");
        let unmatched: Vec<_> = prune(&mut module).into_iter().map(|(end, _)| end).collect();
        assert_eq!(unmatched, ["IntoAny>::into_any::hydrate_async::{{closure}}", "::panicking::panic_fmt"]);
        assert!(module.funcs.by_name("inner").is_none());
        assert_eq!(module.funcs.iter_local().count(), 1);
    }
}
