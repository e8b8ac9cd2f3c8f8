//! The folder the server serves, made from what changed since the last time.
//!
//! `pkg/rl-chatbot.{js,wasm,css}`, everything in `public/` at the top, `vendor/echarts.min.js`, and a Brotli form (`.br`)
//! beside every large file. A file whose content would be the same is left untouched.

use crate::{imports, order, places, prune, type_ids};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use wasm_bindgen_cli_support::{Bindgen, Output};

/// The name the pages load the bundle by (`LEPTOS_OUTPUT_NAME` when the server was compiled).
const OUTPUT_NAME: &str = "rl-chatbot";
/// Files below this size travel in one or two packets anyway.
const COMPRESS_FROM_BYTES: u64 = 2 * 1024;
/// What compresses; images and fonts already are.
const COMPRESSED_EXTENSIONS: [&str; 6] = ["wasm", "js", "css", "svg", "json", "txt"];
/// Brotli's highest quality and its default window.
const BROTLI_QUALITY: i32 = 11;
const BROTLI_WINDOW: i32 = 22;

/// What the compiler may emit.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// The passes that make the *compressed* module smaller: 4% together, mostly by dropping arguments nobody uses and functions
/// that are then equal, which leaves more of both. `-Oz` makes the plain one smaller and the compressed one larger by a tenth.
const WASM_PASSES: [&[&str]; 9] = [
    UNUSED_AND_EQUAL,
    &["--directize"],
    UNUSED_AND_EQUAL,
    UNUSED_AND_EQUAL,
    &["--vacuum", "--remove-unused-module-elements"],
    WITHIN_FUNCTIONS,
    UNUSED_AND_EQUAL,
    WITHIN_FUNCTIONS,
    &["--duplicate-function-elimination"],
];
const UNUSED_AND_EQUAL: &[&str] = &["--dae-optimizing", "--duplicate-function-elimination"];
const WITHIN_FUNCTIONS: &[&str] =
    &["--optimize-instructions", "--rse", "--pick-load-signs", "--remove-unused-brs", "--vacuum"];

#[derive(Args)]
pub struct Site {
    /// The compiled browser half.
    #[arg(long)]
    wasm: PathBuf,
    /// The repository.
    #[arg(long)]
    root: PathBuf,
    /// The folder of the npm packages; of them, `echarts` and `binaryen` are used.
    #[arg(long)]
    npm: PathBuf,
    /// Where to assemble.
    #[arg(long)]
    out: PathBuf,
    /// Skip the Brotli forms: they take longer than a developer waits.
    #[arg(long)]
    uncompressed: bool,
}

/// Brings the folder up to date.
pub fn assemble(site: &Site) -> Result<()> {
    bundle(site)?;
    write_if_changed(
        &site.out.join("pkg").join(format!("{OUTPUT_NAME}.css")),
        style_sheet(&site.root.join("style"))?.as_bytes(),
    )?;
    copy_folder(&site.root.join("public"), &site.out)?;
    let vendor = site.out.join("vendor");
    let echarts = site.npm.join("echarts");
    copy(&echarts.join("dist/echarts.min.js"), &vendor.join("echarts.min.js"))
        .context("the npm package echarts is missing; run: make setup")?;
    copy(&echarts.join("LICENSE"), &vendor.join("echarts.LICENSE.txt"))?;
    copy(&echarts.join("NOTICE"), &vendor.join("echarts.NOTICE.txt"))?;
    if site.uncompressed { Ok(()) } else { compress_folder(&site.out) }
}

/// Runs wasm-bindgen when the module is newer than the bundle, and makes the result small unless a developer waits for it.
fn bundle(site: &Site) -> Result<()> {
    let (wasm, pkg) = (&site.wasm, &site.out.join("pkg"));
    let script = pkg.join(format!("{OUTPUT_NAME}.js"));
    let module = pkg.join(format!("{OUTPUT_NAME}.wasm"));
    // Another xtask may bundle otherwise.
    let made_by = std::env::current_exe().context("the path of xtask")?;
    if !is_newer(wasm, &script)? && !is_newer(&made_by, &script)? && module.exists() {
        return Ok(());
    }
    fs::create_dir_all(pkg)?;
    let made = tempfile_beside(pkg)?;
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name(OUTPUT_NAME).typescript(false).debug(false).demangle(true);
    bindgen.remove_producers_section(true).omit_default_module_path(true);
    let mut output = bindgen.web(true)?.generate_output().with_context(|| format!("bundling {}", wasm.display()))?;
    let renamings = if site.uncompressed { Vec::new() } else { shrink(&mut output) };
    output.emit(&made)?;
    let emitted = made.join(format!("{OUTPUT_NAME}.js"));
    fs::write(&emitted, imports::rename(&fs::read_to_string(&emitted)?, &renamings))?;
    // Leptos asks for the module without wasm-bindgen's `_bg`.
    let bundled = made.join(format!("{OUTPUT_NAME}_bg.wasm"));
    if !site.uncompressed {
        optimise(&site.npm.join("binaryen/bin/wasm-opt"), &bundled)?;
    }
    let emitted = fs::read(&bundled)?;
    fs::write(&module, if site.uncompressed { emitted } else { order::by_name(&emitted)? })?;
    fs::remove_file(&bundled)?;
    copy_folder_anew(&made, pkg)?;
    fs::remove_dir_all(&made)?;
    Ok(())
}

/// Takes out of the module, or writes shorter, what the browser has no use for; answers with the script's new names.
fn shrink(output: &mut Output) -> Vec<imports::Renaming> {
    let script = output.js().to_owned();
    let module = output.wasm_mut();
    for (name, why) in prune::prune(module) {
        eprintln!("note: no function is named `…{name}` ({why}); this compiler's module may be a little larger");
    }
    places::forget(module);
    type_ids::number(module);
    imports::shorten(module, &script)
}

/// Makes the module smaller in place, its functions' names kept.
fn optimise(wasm_opt: &Path, module: &Path) -> Result<()> {
    let status = Command::new(wasm_opt)
        .args(WASM_FEATURES)
        .arg("--debuginfo")
        .args(WASM_PASSES.concat())
        .args([module.as_os_str(), "--output".as_ref(), module.as_os_str()])
        .status()
        .with_context(|| format!("{} (npm package binaryen); run: make setup", wasm_opt.display()))?;
    ensure!(status.success(), "wasm-opt ended with {status}");
    Ok(())
}

fn tempfile_beside(pkg: &Path) -> Result<PathBuf> {
    let made = pkg.with_file_name("pkg.new");
    if made.exists() {
        fs::remove_dir_all(&made)?;
    }
    Ok(made)
}

/// Copies every file, new time stamps included: the script's stamp is what the next run compares with.
fn copy_folder_anew(from: &Path, to: &Path) -> Result<()> {
    for file in files_of(from)? {
        let target = to.join(file.strip_prefix(from)?);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&target, fs::read(&file)?)?;
    }
    Ok(())
}

/// Tokens, base, components, pages: in layers that order, each folder by name.
fn style_sheet(style: &Path) -> Result<String> {
    let mut parts = vec![style.join("tokens.css"), style.join("base.css")];
    for folder in ["components", "pages"] {
        parts.extend(files_of(&style.join(folder))?.into_iter().filter(|f| f.extension().is_some_and(|e| e == "css")));
    }
    let mut sheet = String::from("@layer tokens, base, components, pages;\n");
    for part in parts.iter().filter(|part| part.exists()) {
        sheet.push_str(&fs::read_to_string(part).with_context(|| format!("reading {}", part.display()))?);
        sheet.push('\n');
    }
    Ok(sheet)
}

/// Every file below `folder`, sorted; none when it does not exist.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_of(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in files_of(from)? {
        copy(&file, &to.join(file.strip_prefix(from)?))?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    write_if_changed(to, &fs::read(from).with_context(|| format!("reading {}", from.display()))?)
}

fn write_if_changed(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content).with_context(|| format!("writing {}", path.display()))
}

/// Whether `input` was written after `output`, or there is no `output`.
fn is_newer(input: &Path, output: &Path) -> Result<bool> {
    let changed = fs::metadata(input).with_context(|| format!("reading {}", input.display()))?.modified()?;
    Ok(match fs::metadata(output) {
        Ok(made) => changed > made.modified()?,
        Err(_) => true,
    })
}

fn compress_folder(folder: &Path) -> Result<()> {
    for file in files_of(folder)? {
        let extension = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let large = fs::metadata(&file)?.len() >= COMPRESS_FROM_BYTES;
        let compressed = PathBuf::from(format!("{}.br", file.display()));
        if COMPRESSED_EXTENSIONS.contains(&extension) && large && is_newer(&file, &compressed)? {
            compress(&file, &compressed)?;
        }
    }
    Ok(())
}

fn compress(file: &Path, compressed: &Path) -> Result<()> {
    let content = fs::read(file)?;
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut content.as_slice(), &mut out, &parameters)?;
    ensure!(!out.is_empty(), "compressing {} left nothing", file.display());
    fs::write(compressed, &out)?;
    eprintln!("{:>9} B -> {:>8} B Brotli  {}", content.len(), out.len(), file.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, content: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    #[test]
    fn the_style_sheet_is_in_layer_order_and_then_by_name() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["pages/chat.css", "components/tag.css", "components/button.css", "base.css", "tokens.css"] {
            write(&folder.path().join(name), name);
        }
        write(&folder.path().join("components/notes.txt"), "not a style sheet");
        assert_eq!(
            style_sheet(folder.path()).unwrap().lines().collect::<Vec<_>>(),
            [
                "@layer tokens, base, components, pages;",
                "tokens.css",
                "base.css",
                "components/button.css",
                "components/tag.css",
                "pages/chat.css"
            ]
        );
    }

    #[test]
    fn a_file_with_the_same_content_keeps_its_time_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.css");
        write_if_changed(&path, b"one").unwrap();
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        write_if_changed(&path, b"one").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
        write_if_changed(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
    }

    #[test]
    fn large_text_gets_a_brotli_form_that_unpacks_to_itself_and_small_or_packed_files_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let text = "the quick brown fox ".repeat(500);
        write(&folder.path().join("large.js"), &text);
        write(&folder.path().join("small.js"), "1");
        write(&folder.path().join("picture.png"), &text);
        compress_folder(folder.path()).unwrap();
        let mut unpacked = Vec::new();
        let packed = fs::read(folder.path().join("large.js.br")).unwrap();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut unpacked).unwrap();
        assert_eq!(unpacked, text.as_bytes());
        assert!(!folder.path().join("small.js.br").exists());
        assert!(!folder.path().join("picture.png.br").exists());
    }

    #[test]
    fn files_of_public_land_at_the_top_with_their_folders() {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("public/icons/a.svg"), "<svg/>");
        let out = folder.path().join("site");
        copy_folder(&folder.path().join("public"), &out).unwrap();
        assert_eq!(fs::read_to_string(out.join("icons/a.svg")).unwrap(), "<svg/>");
    }
}
