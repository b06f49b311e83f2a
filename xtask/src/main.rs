//! Set-up, tests and benches of Labelscope: `cargo xtask help`.

mod args;
mod bench;
mod build;
mod dist;
mod free_port;
mod http;
mod licenses;
mod npm;
mod paths;
mod run;
mod server;
mod soak;
mod split;
mod start;
mod styles;
mod suite;
mod tools;

use std::process::ExitCode;

use args::Command;

fn main() -> ExitCode {
    if split::is_called_as_wasm_bindgen() {
        return ended(split::as_wasm_bindgen());
    }
    let outcome = args::parse(std::env::args().skip(1)).and_then(|command| match command {
        Command::Help => {
            print!("{}", args::HELP);
            Ok(())
        }
        Command::Start(options) => start::start(&options),
        Command::Test(options) => suite::run(&options),
        Command::Tools { all } => tools::get_all(all),
        Command::Build => build::all(),
        Command::Dist => dist::pack(),
        Command::Soak { words } => soak::all(&words),
        Command::Npm => npm::pack().map(|tarball| println!("{}", tarball.display())),
        Command::Styles => styles::bundle(),
        Command::Bench { names } => bench::run(&names),
    });
    ended(outcome)
}

fn ended(outcome: anyhow::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
