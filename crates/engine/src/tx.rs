//! One call's view of the database.

use crate::fault::Fault;
use crate::host::{Random, new_id};
use crate::{Blobs, Caller, Shared};
use labelscope_api::messages::{StatusCode, UserAppIdSet};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use std::cell::{Cell, RefCell};

/// What a handler works with: the connection inside its transaction, who calls, and what it has touched.
pub(crate) struct Tx<'a> {
    pub conn: &'a Connection,
    pub shared: &'a Shared,
    pub caller: &'a Caller,
    /// Public address of the server, for links.
    pub base_url: &'a str,
    /// The time of the call.
    pub now: i64,
    /// The name of the operation, for the table of revisions.
    pub what: &'a str,
    seq: Cell<Option<i64>>,
    app: Cell<Option<i64>>,
    pub events: RefCell<Vec<crate::Event>>,
    /// Blobs that this call has stored. Those that no row speaks of in the end are removed again.
    pub stored: RefCell<Vec<String>>,
    /// What was deleted must be gone from the files too.
    pub wipe: Cell<bool>,
    /// Jobs to look for after the commit.
    pub wake: Cell<bool>,
}

/// An app as handlers know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct App {
    pub key: i64,
    pub user_id: String,
    pub id: String,
    /// The language that names of concepts are in.
    pub language: String,
}

/// Of an app's row: the language of its concepts' names.
pub(crate) const LANGUAGE: &str = "coalesce(nullif(json_extract(body, '$.default_language'), ''), 'en')";

impl<'a> Tx<'a> {
    pub fn new(conn: &'a Connection, shared: &'a Shared, caller: &'a Caller, base_url: &'a str, what: &'a str) -> Self {
        let now = shared.host.clock.now();
        Self {
            conn,
            shared,
            caller,
            base_url,
            now,
            what,
            seq: Cell::new(None),
            app: Cell::new(None),
            events: RefCell::default(),
            stored: RefCell::default(),
            wipe: Cell::new(false),
            wake: Cell::new(false),
        }
    }

    pub fn blobs(&self) -> &Blobs {
        &self.shared.blobs
    }

    pub fn random(&self) -> &dyn Random {
        self.shared.host.random.as_ref()
    }

    pub fn new_id(&self) -> String {
        new_id(self.random())
    }

    /// Stores bytes as a blob, which stays if a row speaks of it once the call is over.
    pub fn store(&self, bytes: &mut dyn std::io::Read) -> Result<crate::Stored, Fault> {
        let stored = self.blobs().put(bytes)?;
        self.stored.borrow_mut().push(stored.sha256.clone());
        Ok(stored)
    }

    /// Gives up a blob: its file is removed after the commit, unless a row still speaks of it.
    pub fn doom(&self, sha256: &str) -> Result<(), Fault> {
        self.exec("INSERT OR IGNORE INTO doomed_blob (sha256) VALUES (?1)", [sha256])?;
        Ok(())
    }

    /// The user that an id means; `me` is the caller, and so is no id at all.
    pub fn user<'u>(&'u self, user_id: &'u str) -> &'u str {
        if user_id.is_empty() || user_id == "me" { &self.caller.user_id } else { user_id }
    }

    /// The app of a call. The short paths name none: they mean the caller's default.
    pub fn app(&self, scope: &UserAppIdSet) -> Result<App, Fault> {
        let id = if scope.app_id.is_empty() { crate::DEFAULT_APP } else { &scope.app_id };
        let user = self.user(&scope.user_id);
        let sql = format!("SELECT key, {LANGUAGE} FROM app WHERE user_id = ?1 AND id = ?2");
        self.one(&sql, (user, id), |r| Ok((r.get(0)?, r.get(1)?)))?
            .map(|(key, language)| App { key, user_id: user.to_owned(), id: id.to_owned(), language })
            .ok_or_else(|| Fault::not_found("app", id))
    }

    /// The apps of a call whose path may end at the user: with a user and no app they are all of the user's.
    pub fn apps(&self, scope: &UserAppIdSet) -> Result<Vec<App>, Fault> {
        if scope.user_id.is_empty() || !scope.app_id.is_empty() {
            return Ok(vec![self.app(scope)?]);
        }
        let user = self.user(&scope.user_id);
        let apps =
            self.all(&format!("SELECT key, id, {LANGUAGE} FROM app WHERE user_id = ?1 ORDER BY key"), [user], |r| {
                Ok(App { key: r.get(0)?, user_id: user.to_owned(), id: r.get(1)?, language: r.get(2)? })
            })?;
        if apps.is_empty() && user != self.caller.user_id {
            return Err(Fault::not_found("user", user));
        }
        Ok(apps)
    }

    /// The sequence number of this call's writes, taken at the first.
    pub fn seq(&self, app: &App) -> Result<i64, Fault> {
        if let Some(seq) = self.seq.get() {
            return Ok(seq);
        }
        self.exec(
            "INSERT INTO revision (app, at, actor, what) VALUES (?1, ?2, ?3, ?4)",
            (app.key, self.now, &self.caller.user_id, self.what),
        )?;
        let seq = self.conn.last_insert_rowid();
        self.seq.set(Some(seq));
        self.app.set(Some(app.key));
        Ok(seq)
    }

    /// What was written, if anything: sequence number and app.
    pub fn written(&self) -> Option<(i64, i64)> {
        Some((self.seq.get()?, self.app.get()?))
    }

    /// Runs one item of a call in a savepoint. Where it fails, all that it wrote is taken back, and the others go on;
    /// a failing database or disk ends the whole call.
    pub fn attempt<T>(&self, one: impl FnOnce() -> Result<T, Fault>) -> Result<Result<T, Fault>, Fault> {
        let (seq, app, wake, events) = (self.seq.get(), self.app.get(), self.wake.get(), self.events.borrow().len());
        self.conn.execute_batch("SAVEPOINT item")?;
        match one() {
            Ok(done) => {
                self.conn.execute_batch("RELEASE item")?;
                Ok(Ok(done))
            }
            Err(fault @ (Fault::Database(_) | Fault::Io(_) | Fault::NoRoom(_))) => Err(fault),
            Err(fault) => {
                self.conn.execute_batch("ROLLBACK TO item; RELEASE item")?;
                // The row of the revision went too, if this item took it.
                self.seq.set(seq);
                self.app.set(app);
                self.wake.set(wake);
                self.events.borrow_mut().truncate(events);
                Ok(Err(fault))
            }
        }
    }

    /// Runs a statement that is prepared once.
    pub fn exec(&self, sql: &str, params: impl Params) -> Result<usize, Fault> {
        Ok(self.conn.prepare_cached(sql)?.execute(params)?)
    }

    /// The first row, if there is one.
    pub fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        f: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Fault> {
        Ok(self.conn.prepare_cached(sql)?.query_row(params, f).optional()?)
    }

    /// All rows.
    pub fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        f: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Fault> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map(params, f)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// A number.
    pub fn count(&self, sql: &str, params: impl Params) -> Result<i64, Fault> {
        Ok(self.one(sql, params, |r| r.get::<_, Option<i64>>(0))?.flatten().unwrap_or(0))
    }

    /// Adds to a counter of an app.
    pub fn bump(&self, app: &App, name: &str, by: i64) -> Result<(), Fault> {
        self.exec(
            "INSERT INTO counter (app, name, value) VALUES (?1, ?2, ?3) ON CONFLICT (app, name) DO UPDATE SET value = value + excluded.value",
            (app.key, name, by),
        )?;
        Ok(())
    }

    /// The number of an app's last revision.
    pub fn revision(&self, app: &App) -> Result<i64, Fault> {
        self.count("SELECT max(seq) FROM revision WHERE app = ?1", [app.key])
    }
}

/// The most that a page holds.
pub(crate) const MAX_PAGE: u32 = 1000;

/// Page and size as offset and limit. Pages count from 1; without a size there are 20 on each.
pub(crate) fn page(page: u32, per_page: u32) -> Result<(i64, i64), Fault> {
    if per_page > MAX_PAGE {
        return Err(Fault::invalid(format!("per_page is {per_page}; the most is {MAX_PAGE}")));
    }
    let limit = i64::from(if per_page == 0 { 20 } else { per_page });
    Ok(((i64::from(page.max(1)) - 1) * limit, limit))
}

/// Refuses ids that could not stand in a path, and over-long ones.
pub(crate) fn check_id(what: &str, id: &str, code: StatusCode) -> Result<(), Fault> {
    let trouble = if id.trim().is_empty() || id.trim() != id {
        "must not be empty or begin or end with a space"
    } else if id.len() > 128 {
        "must not be longer than 128 bytes"
    } else if id == "." || id == ".." || id.contains('/') || id.chars().any(char::is_control) {
        "must not contain `/` or control characters"
    } else {
        return Ok(());
    };
    Err(Fault::refused(code, format!("{what} id {id:?} {trouble}")))
}

pub(crate) use crate::fold::fold;

/// A pattern for LIKE with `\` as escape.
pub(crate) fn like_escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
