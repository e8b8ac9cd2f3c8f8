//! Gives what the module imports from its script short names, in both.
//!
//! wasm-bindgen's names end with sixteen digits of a hash, which no compression makes shorter.

use walrus::Module;

/// A name and what it becomes.
pub type Renaming = (String, String);

/// Renames the imports that the script offers under exactly one key of that name.
pub fn shorten(module: &mut Module, script: &str) -> Vec<Renaming> {
    let mut renamings = Vec::new();
    for import in module.imports.iter_mut() {
        if script.matches(&key(&import.name)).count() == 1 {
            let short = format!("i{}", renamings.len());
            renamings.push((std::mem::replace(&mut import.name, short.clone()), short));
        }
    }
    renamings
}

/// The script with the same names.
pub fn rename(script: &str, renamings: &[Renaming]) -> String {
    renamings.iter().fold(script.to_owned(), |script, (long, short)| script.replace(&key(long), &key(short)))
}

/// How the script writes a name as the key of an object.
fn key(name: &str) -> String {
    format!("{name}: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shortened_in_the_module_and_in_its_script() {
        let mut module = Module::default();
        let of = module.types.add(&[], &[]);
        for name in ["__wbg_log_0123456789abcdef", "__wbg_elsewhere"] {
            module.add_import_func("./app_bg.js", name, of);
        }
        let script = "{ __wbg_log_0123456789abcdef: function() {} }";
        let renamings = shorten(&mut module, script);
        let names: Vec<_> = module.imports.iter().map(|import| import.name.as_str()).collect();
        assert_eq!(names, ["i0", "__wbg_elsewhere"]);
        assert_eq!(rename(script, &renamings), "{ i0: function() {} }");
    }
}
