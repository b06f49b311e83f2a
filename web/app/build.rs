//! Whether the release build takes the wasm apart: `cargo xtask build` says so, since it has the tool for it.

fn main() {
    println!("cargo::rerun-if-env-changed=LABELSCOPE_SPLIT");
    println!("cargo::rustc-check-cfg=cfg(labelscope_split)");
    if std::env::var_os("LABELSCOPE_SPLIT").is_some() {
        println!("cargo::rustc-cfg=labelscope_split");
        // The tool goes by the relocations.
        println!("cargo::rustc-link-arg-bins=--emit-relocs");
    }
}
