//! What every input out of an archive or a data source is to have.

use super::inputs_post;
use crate::fault::Fault;
use crate::tx::{App, Tx};
use labelscope_api::messages::{Data, Input, Text};

/// Checks a template as if an input were made of it, and gives it as it is stored; `place` is where it stands in the call.
pub(crate) fn check(tx: &Tx<'_>, app: &App, place: &str, sent: Option<Box<Input>>) -> Result<Option<String>, Fault> {
    let Some(sent) = sent else { return Ok(None) };
    let template = Input { data: sent.data, dataset_ids: sent.dataset_ids, ..Input::default() };
    if !sent.id.is_empty() {
        return Err(Fault::invalid(format!("{place}.id is set; each input gets its id from the name of its file")));
    }
    let data = template.data.as_deref();
    let media = data.and_then(|d| match d {
        Data { image: Some(_), .. } => Some("image"),
        Data { video: Some(_), .. } => Some("video"),
        Data { audio: Some(_), .. } => Some("audio"),
        Data { text: Some(_), .. } => Some("text"),
        _ => None,
    });
    if let Some(media) = media {
        return Err(Fault::invalid(format!(
            "{place}.data.{media} is set; a template says what is true of every input, and its files bring the media"
        )));
    }
    if template == Input::default() {
        return Ok(None);
    }
    // An input of it is made for trial, and taken back.
    let mut sound = false;
    let tried = tx.attempt(|| {
        let mut input = template.clone();
        let text = Some(Text { raw: "x".to_owned(), ..Text::default() });
        input.data.get_or_insert_default().text = text;
        inputs_post::add(tx, app, None, input, None)?;
        sound = true;
        Err::<(), _>(Fault::invalid(""))
    })?;
    match tried {
        Err(fault) if !sound => Err(Fault::refused(fault.code(), format!("{place}: {fault}"))),
        _ => Ok(Some(serde_json::to_string(&template)?)),
    }
}
