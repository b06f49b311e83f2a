//! Prints the package's generated TypeScript.

fn main() {
    print!("{}", labelscope_npm::types::all());
}
