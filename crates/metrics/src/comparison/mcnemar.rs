//! McNemar's test.

use std::f64::consts::LN_2;

/// The chance that two runs that are equally good differ at least this much: McNemar's exact test, two-sided (Q. McNemar,
/// *Psychometrika* 12, 1947). Of the inputs on which just one of them is right, `fixed` + `broken` = n, each is either with
/// chance ½, so p = min(1, 2 · P(X ≤ min(fixed, broken))) with X of the binomial distribution of n and ½. 0 to 1; 1 where
/// they never differ. Summed by logarithms, so that large n do not vanish.
#[must_use]
pub fn mcnemar(fixed: u32, broken: u32) -> f64 {
    let (few, n) = (fixed.min(broken), u64::from(fixed) + u64::from(broken));
    if u64::from(few) * 2 == n {
        return 1.0;
    }
    // ln of C(n, k) / 2^n from k = 0 on; the largest is the last, so it is what the sum is scaled by.
    let mut term = -(n as f64) * LN_2;
    let mut terms = Vec::with_capacity(few as usize + 1);
    terms.push(term);
    for k in 1..=u64::from(few) {
        term += ((n - k + 1) as f64 / k as f64).ln();
        terms.push(term);
    }
    let sum: f64 = terms.iter().map(|t| (t - term).exp()).sum();
    (2.0 * (term + sum.ln()).exp()).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_binomial_test() {
        // scipy.stats.binomtest(k, n).pvalue; the first by hand: 2 · (1 + 5) / 32.
        assert!((mcnemar(1, 4) - 0.375).abs() < 1e-12);
        assert!((mcnemar(4, 1) - 0.375).abs() < 1e-12);
        assert!((mcnemar(55, 29) - 0.006_0).abs() < 5e-5);
        assert!((mcnemar(0, 0) - 1.0).abs() < 1e-15 && (mcnemar(7, 7) - 1.0).abs() < 1e-15);
        assert!((mcnemar(0, 1) - 1.0).abs() < 1e-12);
        // 2^-1999 is less than the least double that is not 0, and no NaN comes of it.
        assert!(mcnemar(0, 2000) < 1e-300);
        assert!((0.0..0.01).contains(&mcnemar(1_000_000, 990_000)));
    }
}
