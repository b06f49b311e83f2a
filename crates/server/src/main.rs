//! The binary `labelscope`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let done = labelscope_server::cli::parse(std::env::args_os()).and_then(|command| match command {
        labelscope_server::cli::Command::Print(text) => {
            println!("{text}");
            Ok(ExitCode::SUCCESS)
        }
        labelscope_server::cli::Command::Serve(config) => {
            labelscope_server::logs::start(config.log);
            labelscope_server::serve(*config).map(|()| ExitCode::SUCCESS)
        }
        labelscope_server::cli::Command::Care(task) => labelscope_server::care::run(task).map(ExitCode::from),
        labelscope_server::cli::Command::Eval(task) => Ok(ExitCode::from(labelscope_server::eval::run(task))),
    });
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("labelscope: {error:#}");
            ExitCode::FAILURE
        }
    }
}
