//! The binary `labelscope`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LABELSCOPE_LOG_FILTER").unwrap_or_else(|_| "info".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
    let done = labelscope_server::cli::parse(std::env::args_os()).and_then(|command| match command {
        labelscope_server::cli::Command::Print(text) => {
            println!("{text}");
            Ok(())
        }
        labelscope_server::cli::Command::Serve(config) => labelscope_server::serve(*config),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("labelscope: {error:#}");
            ExitCode::FAILURE
        }
    }
}
