use super::input_template;
use crate::fault::Fault;
use crate::secrets::{self, Opening};
use crate::store::{add_job, extraction};
use crate::tx::{App, Tx, check_id};
use labelscope_api::messages::{InputsDataSource, MultiInputsAddJobResponse, StatusCode};
use labelscope_api::operations::PostInputsDataSources;

/// At most so many places, or uploads, in one call.
pub(super) const BATCH: usize = 128;

/// An address may be so long.
const MAX_URL: usize = 4096;

pub(crate) fn post(tx: &Tx<'_>, op: PostInputsDataSources) -> Result<MultiInputsAddJobResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if tx.shared.host.sources.is_none() {
        let details =
            "this server opens no data sources; send the files themselves, or an archive of them as an upload";
        return Err(Fault::refused(StatusCode::NOT_IMPLEMENTED, details));
    }
    check_count("data_sources", op.data_sources.len())?;
    check_call_back(tx, &op.call_back_url)?;
    let (mut add_jobs, mut openings) = (Vec::new(), Vec::new());
    for (index, source) in op.data_sources.into_iter().enumerate() {
        let place = format!("data_sources[{index}]");
        let job = open_add_job(tx, &app, &place, &source.inputs_add_job_id)?;
        openings.extend(begin(tx, &app, job, &place, source)?);
        if !add_jobs.contains(&job) {
            add_jobs.push(job);
        }
    }
    // Nothing is refused any more, so they are kept for jobs that there are.
    for (id, opening) in openings {
        tx.shared.secrets.keep(&id, opening);
    }
    for job in add_jobs.iter().filter(|_| !op.call_back_url.is_empty()) {
        add_job::call_back(tx, *job, &op.call_back_url)?;
    }
    reply(tx, &add_jobs)
}

/// Makes the job for one place. Gives its id with what opens the place, where that is more than the address shows.
fn begin(
    tx: &Tx<'_>,
    app: &App,
    job: i64,
    place: &str,
    source: InputsDataSource,
) -> Result<Option<(String, Opening)>, Fault> {
    let url = source.url.unwrap_or_default();
    if url.url.trim().is_empty() {
        return Err(Fault::invalid(format!("{place}.url.url is empty: say where the files lie")));
    }
    if url.url.len() > MAX_URL {
        return Err(Fault::invalid(format!("{place}.url.url is longer than {MAX_URL} bytes")));
    }
    let template = input_template::check(tx, app, &format!("{place}.input_template"), source.input_template)?;
    let (shown, cut) = secrets::public(&url.url);
    let new = extraction::New {
        add_job: job,
        url: shown,
        secret: cut || url.credentials.is_some(),
        template,
        conflict: source.input_id_conflict_resolution.0,
        ..extraction::New::default()
    };
    let id = extraction::insert(tx, app, &new)?;
    Ok(new.secret.then_some((id, Opening { url: url.url, credentials: url.credentials })))
}

/// Refuses a call with none or too many.
pub(super) fn check_count(name: &str, count: usize) -> Result<(), Fault> {
    if count == 0 || count > BATCH {
        return Err(Fault::invalid(format!("{name} holds {count}; a call takes 1 to {BATCH}")));
    }
    Ok(())
}

fn check_call_back(tx: &Tx<'_>, url: &str) -> Result<(), Fault> {
    let scheme = url.get(..url.find("://").unwrap_or(0)).unwrap_or_default().to_ascii_lowercase();
    if url.is_empty() {
        Ok(())
    } else if !matches!(scheme.as_str(), "http" | "https") || url.len() > MAX_URL {
        let details = format!("call_back_url must begin with http:// or https:// and be at most {MAX_URL} bytes long");
        Err(Fault::invalid(details))
    } else if tx.shared.host.fetch.is_none() {
        Err(Fault::invalid("call_back_url is set, but this server was started without calls to others"))
    } else {
        Ok(())
    }
}

/// The add job of this id, or a new one.
pub(super) fn open_add_job(tx: &Tx<'_>, app: &App, place: &str, id: &str) -> Result<i64, Fault> {
    if id.is_empty() {
        return add_job::open(tx, app, &tx.new_id());
    }
    check_id("inputs_add_job", id, StatusCode::INPUT_INVALID_ARGUMENT)
        .and_then(|()| add_job::open(tx, app, id))
        .map_err(|fault| Fault::refused(fault.code(), format!("{place}: {fault}")))
}

/// The jobs that a call made or added to.
pub(super) fn reply(tx: &Tx<'_>, add_jobs: &[i64]) -> Result<MultiInputsAddJobResponse, Fault> {
    let mut inputs_add_jobs = Vec::with_capacity(add_jobs.len());
    for job in add_jobs {
        inputs_add_jobs.extend(add_job::message(tx, *job)?);
    }
    Ok(MultiInputsAddJobResponse { inputs_add_jobs, ..Default::default() })
}
