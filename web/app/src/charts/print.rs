use crate::format;

/// How a number is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Print {
    /// `1,204`.
    #[default]
    Count,
    /// From 0 to 1 with so many decimals. What is not quite one is not printed as one.
    Share(u8),
    /// Of a hundred, without decimals: `12 %`.
    Percent,
    /// With so many decimals.
    Plain(u8),
    /// A difference, with its sign and so many decimals.
    Signed(u8),
}

impl Print {
    /// The number in words; a dash where it is undefined.
    #[must_use]
    pub fn of(self, value: f64) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        match self {
            Self::Count => format::count(value.round() as i64),
            Self::Share(decimals) => share(value, decimals),
            Self::Percent => percent(value),
            Self::Plain(decimals) => minus(&format::decimal(value, decimals)),
            Self::Signed(decimals) => signed(value, decimals),
        }
    }

    /// The same of a number that may be missing.
    #[must_use]
    pub fn maybe(self, value: Option<f64>) -> String {
        value.map_or_else(|| "–".to_owned(), |v| self.of(v))
    }
}

fn share(value: f64, decimals: u8) -> String {
    let step = 10f64.powi(i32::from(decimals));
    if value < 1.0 && (value * step).round() >= step {
        let finer = step * 10.0;
        return format::decimal((value * finer).floor() / finer, decimals + 1);
    }
    minus(&format::decimal(value, decimals))
}

fn percent(value: f64) -> String {
    let percent = value * 100.0;
    let text = match percent {
        // A little is not nothing, and nearly all is not all.
        p if p > 0.0 && p < 0.5 => "<1".to_owned(),
        p if (99.5..100.0).contains(&p) => ">99".to_owned(),
        p => format::decimal(p, 0),
    };
    format!("{text} %")
}

fn signed(value: f64, decimals: u8) -> String {
    let text = format::decimal(value.abs(), decimals);
    let nothing = text.chars().all(|c| !c.is_ascii_digit() || c == '0');
    match value {
        _ if nothing => text,
        v if v < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}

/// With a true minus sign, which is as wide as a plus.
fn minus(text: &str) -> String {
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::Print;

    #[test]
    fn numbers_as_the_charts_print_them() {
        assert_eq!([Print::Count.of(1204.0), Print::Count.of(f64::NAN)], ["1,204", "–"]);
        assert_eq!([1.0, 0.9996, 0.99999, 0.5].map(|v| Print::Share(3).of(v)), ["1.000", "0.9996", "0.9999", "0.500"]);
        assert_eq!(
            [0.0, 0.001, 0.5, 0.999, 1.0].map(|v| Print::Percent.of(v)),
            ["0 %", "<1 %", "50 %", ">99 %", "100 %"]
        );
        assert_eq!(
            [0.0289, -0.0053, 0.00001, -0.0].map(|v| Print::Signed(4).of(v)),
            ["+0.0289", "−0.0053", "0.0000", "0.0000"]
        );
        assert_eq!(Print::Plain(2).of(-1.5), "−1.50");
    }
}
