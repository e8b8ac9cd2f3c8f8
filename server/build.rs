//! How the program is linked: as small in memory as the linker can make it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // On this target the linker is the toolchain's own LLD. It folds functions of the same code into one (generic code
    // is full of them) and packs the relocations, which are read whole at every start.
    if std::env::var("TARGET").as_deref() == Ok("x86_64-unknown-linux-gnu") {
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=all,-z,pack-relative-relocs");
    }
}
