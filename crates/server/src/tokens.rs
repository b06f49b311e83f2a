//! Tokens beside the server's own. The file `tokens.json` holds their hashes, never their text.

use crate::auth::{digest, same};
use crate::hosting::{now, secret};
use crate::private;
use anyhow::Result;
use labelscope_api::extensions::Token;
use labelscope_api::messages::StatusCode;
use labelscope_api::wire::{Secret, Timestamp};
use labelscope_engine::{Fault, hex};
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Each call may be compared with all of them.
const MOST: usize = 1000;
const LONGEST_NAME: usize = 128;
/// Of a shorter token four characters would tell too much.
const LONG_ENOUGH: usize = 16;
const DAY: i64 = 24 * 3600 * 1_000_000;

#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    token: Token,
    sha256: String,
}

pub(crate) struct Tokens {
    file: PathBuf,
    kept: Mutex<Vec<Kept>>,
}

/// The end of a token, by which its owner knows it again.
pub(crate) fn ending(token: &str) -> String {
    let count = token.chars().count();
    if count < LONG_ENOUGH { String::new() } else { token.chars().skip(count - 4).collect() }
}

impl Tokens {
    pub fn open(file: PathBuf) -> Result<Self> {
        let kept = Mutex::new(private::read_list(&file)?);
        Ok(Self { file, kept })
    }

    pub fn list(&self) -> Vec<Token> {
        self.kept.lock().iter().map(|k| k.token.clone()).collect()
    }

    /// Makes a token. Its text is given here and kept nowhere.
    pub fn make(&self, name: &str) -> Result<(Token, Secret), Fault> {
        let invalid = |details: String| Fault::Refused { code: StatusCode::CONN_INVALID_REQUEST, details };
        let name = name.trim();
        if name.is_empty() || name.len() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(invalid(format!("name: say what the token is for, in 1 to {LONGEST_NAME} bytes on one line")));
        }
        let text = secret(24);
        let token = Token {
            id: secret(8),
            name: name.to_owned(),
            ends_with: ending(&text),
            created_at: Some(now()),
            ..Token::default()
        };
        let mut kept = self.kept.lock();
        if kept.len() >= MOST {
            return Err(invalid(format!("there are {MOST} tokens already; revoke some first")));
        }
        kept.push(Kept { token: token.clone(), sha256: hex(&digest(&text)) });
        if let Err(error) = private::write_list(&self.file, &kept) {
            kept.pop();
            return Err(failed(&error));
        }
        Ok((token, Secret(text)))
    }

    /// Takes a token away. From when this returns nothing is let in with it.
    pub fn revoke(&self, id: &str) -> Result<(), Fault> {
        let mut kept = self.kept.lock();
        let Some(at) = kept.iter().position(|k| k.token.id == id) else {
            return Err(Fault::Refused {
                code: StatusCode::CONN_DOES_NOT_EXIST,
                details: format!("token \"{id}\" does not exist"),
            });
        };
        let gone = kept.remove(at);
        if let Err(error) = private::write_list(&self.file, &kept) {
            // It would be back after a restart: better it is seen to be there still.
            kept.insert(at, gone);
            return Err(failed(&error));
        }
        Ok(())
    }

    /// The id of the token that is meant, which counts as used today.
    pub fn used(&self, given: &[u8; 32]) -> Option<String> {
        let mut kept = self.kept.lock();
        let given = hex(given);
        let found = kept.iter_mut().find(|k| same(k.sha256.as_bytes(), given.as_bytes()))?;
        let id = found.token.id.clone();
        let today = Timestamp(now().0.div_euclid(DAY) * DAY);
        if found.token.last_used_at != Some(today) {
            found.token.last_used_at = Some(today);
            if let Err(error) = private::write_list(&self.file, &kept) {
                tracing::error!("the day a token was used cannot be kept: {error:#}");
            }
        }
        Some(id)
    }

    pub fn knows(&self, id: &str) -> bool {
        self.kept.lock().iter().any(|k| k.token.id == id)
    }
}

fn failed(error: &anyhow::Error) -> Fault {
    Fault::Io(std::io::Error::other(format!("{error:#}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_token_shows_nothing_of_itself() {
        assert_eq!(ending("123456789012345"), "");
        assert_eq!(ending("1234567890123456"), "3456");
        assert_eq!(ending("äöüäöüäöüäöüäöüä"), "öüä".chars().fold("ä".to_owned(), |t, c| t + &c.to_string()));
    }
}
