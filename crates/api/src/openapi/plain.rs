//! The resources that are no operations: files, events, and the description itself.

use super::schema::set;
use crate::extensions::{EVENTS_PATH, EXPORT_FILE_PATH, IMPORT_FILE_PATH, MEDIA_PATH, OPENAPI_PATH};
use serde_json::{Map, Value, json};

pub(super) fn add(paths: &mut Map<String, Value>) {
    let file = json!({"schema": {"type": "string", "format": "binary"}});
    let reply = json!({"schema": {"$ref": "#/components/schemas/BaseResponse"}});
    let answers = |kind: &str, schema: &Value| {
        json!({
            "200": {"description": "It.", "content": {kind: schema}},
            "default": {"description": "Why not.", "content": {"application/json": reply}},
        })
    };
    let mut put = |method: &str, path: String, id: &str, about: &str, answers: Value| {
        let names = path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
        let parameters: Vec<Value> = names
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}}))
            .collect();
        let operation = json!({
            "operationId": id, "summary": id, "description": about, "tags": ["labelscope"], "parameters": parameters, "responses": answers
        });
        let item = paths.entry(path).or_insert_with(|| json!({}));
        set(item, method, operation);
    };
    put(
        "get",
        OPENAPI_PATH.to_owned(),
        "GetOpenAPI",
        "This description.",
        answers("application/json", &json!({"schema": {"type": "object"}})),
    );
    put(
        "get",
        EVENTS_PATH.to_owned(),
        "GetEvents",
        "Server-sent events: `revision` after a write, `job` when a job moves.",
        answers("text/event-stream", &json!({"schema": {"type": "string"}})),
    );
    put(
        "get",
        format!("{MEDIA_PATH}/{{size}}/{{sha256}}"),
        "GetMedia",
        "A kept media file: `orig` as it came, `small` (256 pixels) or `medium` (1024) for pictures. Takes `Range`.",
        answers("application/octet-stream", &file),
    );
    put(
        "get",
        format!("{EXPORT_FILE_PATH}/{{export_id}}/{{file_name}}"),
        "GetExportFile",
        "A finished archive. Takes `Range`.",
        answers("application/zip", &file),
    );
    put(
        "post",
        MEDIA_PATH.to_owned(),
        "PostMedia",
        "Keeps the files of a form and answers with their addresses, by which inputs can name them.",
        answers("application/json", &json!({"schema": {"type": "object"}})),
    );
    put(
        "put",
        format!("{IMPORT_FILE_PATH}/{{import_id}}/files/{{file_name}}"),
        "PutImportFile",
        "A file of an import, as the body.",
        answers("application/json", &reply),
    );
    let bodies = [
        (MEDIA_PATH.to_owned(), "post", "multipart/form-data", json!({"schema": {"type": "object"}})),
        (format!("{IMPORT_FILE_PATH}/{{import_id}}/files/{{file_name}}"), "put", "application/octet-stream", file),
    ];
    for (path, method, kind, schema) in bodies {
        if let Some(operation) = paths.get_mut(&path).and_then(|item| item.get_mut(method)) {
            set(operation, "requestBody", json!({"required": true, "content": {kind: schema}}));
        }
    }
}
