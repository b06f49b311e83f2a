//! Path templates such as `/v2/users/{user_app_id.user_id}/apps`.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What may not stand bare in a path segment.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Percent-encodes one segment of a path.
#[must_use]
pub fn encode_segment(segment: &str) -> String {
    utf8_percent_encode(segment, SEGMENT).to_string()
}

/// Fills a template. `param` gives the value of a name; a missing or empty one is an error, since an empty id would
/// silently turn "get one" into "list all".
pub fn render_path<'a>(template: &str, param: impl Fn(&str) -> Option<&'a str>) -> Result<String, String> {
    let mut out = String::with_capacity(template.len() + 32);
    for segment in template.split('/').skip(1) {
        out.push('/');
        match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            None => out.push_str(segment),
            Some(name) => match param(name) {
                // `.` and `..` would be folded away by every URL parser on the way.
                Some(value) if !value.is_empty() && value != "." && value != ".." => {
                    out.push_str(&encode_segment(value));
                }
                _ => return Err(name.to_owned()),
            },
        }
    }
    Ok(out)
}

/// Matches a path against a template and gives the decoded parameters in order.
#[must_use]
pub fn match_path<'t>(template: &'t str, path: &str) -> Option<Vec<(&'t str, String)>> {
    let (mut t, mut p) = (template.split('/'), path.split('/'));
    let mut params = Vec::new();
    loop {
        match (t.next(), p.next()) {
            (None, None) => return Some(params),
            (Some(want), Some(got)) => match want.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
                Some(name) if !got.is_empty() => {
                    params.push((name, percent_decode_str(got).decode_utf8_lossy().into_owned()));
                }
                None if want == got => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const T: &str = "/v2/users/{u}/apps/{a}/inputs";

    #[test]
    fn empty_and_dot_segments_are_refused() {
        for bad in ["", ".", ".."] {
            assert_eq!(render_path(T, |n| Some(if n == "u" { "me" } else { bad })), Err("a".to_owned()));
        }
        assert!(match_path(T, "/v2/users/me/apps//inputs").is_none());
        assert!(match_path(T, "/v2/users/me/apps/x/inputs/y").is_none());
    }

    proptest! {
        #[test]
        fn any_id_comes_back(id in "[^\u{0}]{1,20}") {
            prop_assume!(id != "." && id != "..");
            let path = render_path(T, |n| Some(if n == "u" { "me" } else { &id })).unwrap();
            let params = match_path(T, &path).unwrap();
            prop_assert_eq!(&params[1].1, &id);
        }
    }
}
