//! A search as one statement: which way into the rows, which conditions, which order.

use super::{Conditions, Part, Place, Sql, Target, filters, modern, ranks, wrong};
use crate::fault::Fault;
use labelscope_api::messages::{Search, SearchMetric};
use rusqlite::params_from_iter;

/// A row that was found: revision of the row searched for, key of the input, score.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub rev: i64,
    pub input: i64,
    pub score: f64,
}

/// A compiled search.
pub(crate) struct Plan {
    from: Sql,
    conditions: Option<Sql>,
    score: Option<Sql>,
    order: &'static str,
    columns: &'static str,
    min_value: f64,
    counted: Option<Counted>,
}

/// A count by indexes alone, without a look at the rows.
enum Counted {
    /// So many as this counts.
    These(Sql),
    /// All living inputs but so many.
    AllBut(Sql),
}

/// What is in all lists lies where all of them have keys: datasets that came one after the other share none.
fn common(parts: &[Part], key: &str) -> Option<Sql> {
    let ranges: Vec<_> = parts.iter().filter_map(|part| Some(part.seed.as_ref()?.range)).collect();
    let (low, high) = ranges.iter().fold((0, i64::MAX), |(low, high), range| (low.max(range.0), high.min(range.1)));
    (ranges.len() > 1).then(|| Sql::new(format!("{key} BETWEEN {low} AND {high}"), []))
}

impl Counted {
    fn of(place: &Place<'_>, parts: &[Part]) -> Option<Self> {
        if place.at.is_some() || !parts.iter().all(|part| part.keyed) {
            return None;
        }
        match parts {
            [] => return Some(Self::AllBut(Sql::new("SELECT 0", []))),
            [Part { excluded: Some(seed), .. }] => {
                return Some(Self::AllBut(seed.sql.clone().within("SELECT count(*) FROM (", ")")));
            }
            _ => {}
        }
        let exact = |part: &Part| part.seed.clone().filter(|seed| seed.exact);
        let (at, seed) = parts
            .iter()
            .enumerate()
            .filter_map(|(at, part)| Some((at, exact(part)?)))
            .min_by_key(|(_, seed)| seed.estimate)?;
        let mut sql = seed.sql.within("SELECT count(*) FROM (", ") i");
        let rest = parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, part)| part.condition.clone());
        if let Some(rest) = Sql::all(rest.chain(common(parts, "i.key")).collect()) {
            sql.push(rest.within(" WHERE ", ""));
        }
        Some(Self::These(sql))
    }
}

impl Plan {
    pub fn new(place: &Place<'_>, target: Target, search: &Search) -> Result<Self, Fault> {
        let query = modern(search.query.clone().unwrap_or_default())?;
        if !matches!(search.algorithm.as_str(), "" | "nearest_neighbor" | "brute_force" | "avg_concept_brute_force") {
            let why =
                format!("is \"{}\"; use nearest_neighbor, brute_force or avg_concept_brute_force", search.algorithm);
            return Err(wrong("algorithm", &why));
        }
        if !matches!(search.metric.0, 0..=2) {
            return Err(wrong("metric", "must be EUCLIDEAN_DISTANCE or COSINE_DISTANCE"));
        }
        if !(0.0..=1.0).contains(&search.min_value) {
            return Err(wrong("min_value", "must lie from 0 to 1"));
        }
        let Conditions { mut parts, .. } = filters(place, target, &query)?;
        let score =
            ranks::mean(ranks::scores(place, target, &query.ranks, search.metric == SearchMetric::COSINE_DISTANCE)?);
        let counted = if target == Target::Inputs && score.is_none() { Counted::of(place, &parts) } else { None };
        let best = parts
            .iter()
            .enumerate()
            .filter_map(|(at, part)| Some((at, part.seed.as_ref()?)))
            .min_by_key(|(_, seed)| seed.estimate);
        let seed = best.map(|(at, seed)| (at, seed.clone()));
        let ordered = seed.as_ref().is_some_and(|(_, seed)| seed.ordered);
        let within = if target == Target::Inputs && ordered { common(&parts, "s.key") } else { None };
        if let Some((at, seed)) = &seed
            && seed.exact
        {
            parts.remove(*at);
        }
        let seed = seed.map(|(_, seed)| seed.sql.within("FROM (", ") s CROSS JOIN "));
        let mut parts: Vec<Sql> = parts.into_iter().map(|part| part.condition).collect();
        parts.insert(0, Sql::is("i.app = ?", place.app));
        parts.extend(within);
        parts.push(Sql::new(place.alive("i"), []));
        let (from, order, columns) = match target {
            Target::Inputs => (
                // Without the sign SQLite would take the bounds of `s.key` as its way into `input`, in place of the key.
                seed.map_or_else(|| Sql::new("FROM input i", []), |s| s.within("", "input i ON i.key = +s.key")),
                if ordered { "s.key DESC" } else { "i.key DESC" },
                "i.rev AS rev, i.key AS input",
            ),
            Target::Annotations => {
                parts.push(Sql::new(place.alive("a"), []));
                let from = seed.map_or_else(
                    || Sql::new("FROM annotation a", []),
                    |s| s.within("", "annotation a ON a.rev = s.key"),
                );
                (
                    from.within("", " CROSS JOIN input i ON i.key = a.input"),
                    if ordered { "s.key DESC" } else { "a.rev DESC" },
                    "a.rev AS rev, a.input AS input",
                )
            }
        };
        let min_value = f64::from(search.min_value);
        Ok(Self { from, conditions: Sql::all(parts), score, order, columns, min_value, counted })
    }

    /// The statement, without its limit. Its columns are `rev`, `input` and `score`.
    pub fn statement(&self) -> Sql {
        let Self { from, conditions, score, order, columns, min_value, .. } = self;
        let mut sql = Sql::new(format!("SELECT {columns}, "), []);
        sql.push(score.clone().unwrap_or_else(|| Sql::new("1.0", [])));
        sql.push(from.clone().within(" AS score ", " WHERE "));
        sql.push(conditions.clone().unwrap_or_else(|| Sql::new("1", [])));
        if score.is_none() {
            sql.text.push_str(" ORDER BY ");
            sql.text.push_str(order);
            return sql;
        }
        sql.within(
            "SELECT * FROM (",
            &format!(") WHERE score IS NOT NULL AND score >= {min_value} ORDER BY score DESC, input DESC, rev DESC"),
        )
    }

    /// A page of what is found; a limit of -1 is all.
    pub fn run(&self, place: &Place<'_>, limit: i64, offset: i64) -> Result<Vec<Found>, Fault> {
        let mut sql = self.statement();
        sql.push(Sql::new(" LIMIT ? OFFSET ?", [limit.into(), offset.into()]));
        let mut statement = place.conn.prepare_cached(&sql.text)?;
        let rows = statement.query_map(params_from_iter(sql.values), |r| {
            Ok(Found { rev: r.get(0)?, input: r.get(1)?, score: r.get(2)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many are found.
    pub fn count(&self, place: &Place<'_>) -> Result<i64, Fault> {
        let number =
            |sql: &Sql| Ok::<_, Fault>(place.keys(&sql.text, sql.values.clone())?.first().copied().unwrap_or(0));
        match &self.counted {
            Some(Counted::These(sql)) => return number(sql),
            Some(Counted::AllBut(sql)) => {
                let all = Sql::is("SELECT value FROM counter WHERE app = ? AND name = 'inputs'", place.app);
                return Ok(number(&all)? - number(sql)?);
            }
            None => {}
        }
        let mut sql = self.statement();
        if self.score.is_none() {
            sql.text.truncate(sql.text.len() - " ORDER BY ".len() - self.order.len());
        }
        let sql = sql.within("SELECT count(*) FROM (", ")");
        let mut statement = place.conn.prepare_cached(&sql.text)?;
        Ok(statement.query_row(params_from_iter(sql.values), |r| r.get(0))?)
    }

    /// How SQLite goes about it.
    #[cfg(test)]
    pub fn explain(&self, conn: &rusqlite::Connection) -> String {
        let sql = self.statement().within("EXPLAIN QUERY PLAN ", "");
        let mut statement = conn.prepare(&sql.text).unwrap();
        let lines = statement.query_map(params_from_iter(sql.values), |r| r.get::<_, String>(3)).unwrap();
        lines.map(Result::unwrap).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn narrow_filters_go_by_an_index() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        let mut conn = crate::migrate::connect(&path, true).unwrap();
        crate::migrate::migrate(&path, &mut conn, None).unwrap();
        conn.execute_batch(
            "INSERT INTO concept (app, key, id, name, folded, definition, supercategory, created_at, modified_at, born) VALUES (1, 1, 'cat', 'cat', 'cat', '', '', 0, 0, 1);
             INSERT INTO dataset (app, key, id, description, notes, created_at, modified_at, born) VALUES (1, 1, 'd', '', '', 0, 0, 1);",
        )
        .unwrap();
        let place = Place { conn: &conn, app: 1, at: None, me: "local" };
        let explained = |filters: &str| {
            let search = serde_json::from_str(&format!("{{\"query\":{{\"filters\":[{filters}]}}}}")).unwrap();
            Plan::new(&place, Target::Inputs, &search).unwrap().explain(&conn)
        };
        let concept = r#"{"annotation":{"data":{"concepts":[{"id":"cat"}]}}}"#;
        let dataset = r#"{"input":{"dataset_ids":["d"]}}"#;
        for (filters, index) in [
            (concept, "p USING PRIMARY KEY (concept=? AND side=?)"),
            (dataset, "p USING COVERING INDEX member_now"),
            (&format!("{concept},{dataset}"), "i USING INDEX input_page (app=? AND key=?)"),
            (r#"{"input":{"id":"a"}}"#, "input_live"),
            (r#"{"annotation":{"data":{"metadata":{"k":1}}}}"#, "p USING PRIMARY KEY (app=? AND fact=?)"),
            (r#"{"annotation":{"data":{"metadata":{"k":{"n":1}}}}}"#, "p USING PRIMARY KEY (app=? AND fact=?)"),
            (r#"{"annotation":{"data":{"metadata":{"k":{}}}}}"#, "input_page"),
        ] {
            let plan = explained(filters);
            let walks = !plan.contains("SCAN i\n") && !plan.contains("TEMP B-TREE");
            assert!(plan.contains(index) && walks, "{filters}: {plan}");
        }
    }
}
