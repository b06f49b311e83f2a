//! Languages by their codes: what they are called here and by those who speak them.

/// Code, English name, own name.
pub(crate) const LANGUAGES: &[(&str, &str, &str)] = &[
    ("en", "English", "English"),
    ("ar", "Arabic", "العربية"),
    ("bg", "Bulgarian", "български"),
    ("bn", "Bengali", "বাংলা"),
    ("ca", "Catalan", "català"),
    ("cs", "Czech", "čeština"),
    ("da", "Danish", "dansk"),
    ("de", "German", "Deutsch"),
    ("el", "Greek", "Ελληνικά"),
    ("es", "Spanish", "español"),
    ("et", "Estonian", "eesti"),
    ("fa", "Persian", "فارسی"),
    ("fi", "Finnish", "suomi"),
    ("fr", "French", "français"),
    ("he", "Hebrew", "עברית"),
    ("hi", "Hindi", "हिन्दी"),
    ("hr", "Croatian", "hrvatski"),
    ("hu", "Hungarian", "magyar"),
    ("id", "Indonesian", "Bahasa Indonesia"),
    ("it", "Italian", "italiano"),
    ("ja", "Japanese", "日本語"),
    ("ko", "Korean", "한국어"),
    ("nl", "Dutch", "Nederlands"),
    ("no", "Norwegian", "norsk"),
    ("pa", "Punjabi", "ਪੰਜਾਬੀ"),
    ("pl", "Polish", "polski"),
    ("pt", "Portuguese", "português"),
    ("pt-BR", "Portuguese (Brazil)", "português do Brasil"),
    ("ro", "Romanian", "română"),
    ("ru", "Russian", "русский"),
    ("sk", "Slovak", "slovenčina"),
    ("sv", "Swedish", "svenska"),
    ("th", "Thai", "ไทย"),
    ("tr", "Turkish", "Türkçe"),
    ("uk", "Ukrainian", "українська"),
    ("ur", "Urdu", "اردو"),
    ("vi", "Vietnamese", "Tiếng Việt"),
    ("zh", "Chinese", "中文"),
    ("zh-TW", "Chinese (Taiwan)", "中文（台灣）"),
];

/// The English name, or the code where it is not known.
pub(crate) fn name(code: &str) -> &str {
    LANGUAGES.iter().find(|l| l.0.eq_ignore_ascii_case(code)).map_or(code, |l| l.1)
}

/// Which way it is written.
pub(crate) fn direction(code: &str) -> &'static str {
    match code.split('-').next().unwrap_or_default() {
        "ar" | "fa" | "he" | "ur" | "ps" | "yi" | "dv" | "sd" | "ug" => "rtl",
        _ => "ltr",
    }
}

/// Values and names for a choice, with `none` first.
pub(crate) fn options(none: &str) -> Vec<(String, String)> {
    let all = LANGUAGES.iter().map(|(code, name, own)| {
        let text = if name == own { (*name).to_owned() } else { format!("{name} · {own}") };
        ((*code).to_owned(), text)
    });
    std::iter::once((String::new(), none.to_owned())).chain(all).collect()
}
