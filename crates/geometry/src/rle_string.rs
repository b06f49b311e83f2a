//! The compressed text of run lengths: five bits a character from `0`, with differences to the run before the last.

use crate::RleError;

/// Writes run lengths as pycocotools does.
#[must_use]
pub fn encode_counts(counts: &[u32]) -> String {
    let mut out = String::with_capacity(counts.len() * 2);
    for (i, &count) in counts.iter().enumerate() {
        let mut x = i64::from(count);
        if i > 2 {
            x -= i64::from(counts.get(i - 2).copied().unwrap_or(0));
        }
        loop {
            let mut c = (x & 0x1f) as u8;
            x >>= 5;
            let more = if c & 0x10 == 0 { x != 0 } else { x != -1 };
            if more {
                c |= 0x20;
            }
            out.push(char::from(c + 48));
            if !more {
                break;
            }
        }
    }
    out
}

/// Reads run lengths from their text.
pub fn decode_counts(text: &str) -> Result<Vec<u32>, RleError> {
    let mut counts: Vec<u32> = Vec::new();
    let mut bytes = text.bytes().enumerate();
    while let Some((at, first)) = bytes.next() {
        let (mut x, mut shift, mut byte) = (0i64, 0u32, first);
        loop {
            let c = byte.checked_sub(48).filter(|c| *c < 64).ok_or(RleError::Character { at })?;
            if shift > 30 {
                return Err(RleError::Character { at });
            }
            x |= i64::from(c & 0x1f) << shift;
            shift += 5;
            if c & 0x20 == 0 {
                if c & 0x10 != 0 {
                    x |= -1i64 << shift;
                }
                break;
            }
            byte = bytes.next().ok_or(RleError::Cut)?.1;
        }
        if counts.len() > 2 {
            x += i64::from(counts.get(counts.len() - 2).copied().unwrap_or(0));
        }
        counts.push(u32::try_from(x).map_err(|_| RleError::Character { at })?);
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn broken_text_is_refused_with_its_place() {
        assert_eq!(decode_counts("0 b"), Err(RleError::Character { at: 1 }));
        assert_eq!(decode_counts("P"), Err(RleError::Cut));
    }

    proptest! {
        #[test]
        fn round_trips(counts in prop::collection::vec(0u32..3_000_000, 0..50)) {
            prop_assert_eq!(decode_counts(&encode_counts(&counts)).unwrap(), counts);
        }
        #[test]
        fn junk_never_panics(text in any::<String>()) {
            let _ = decode_counts(&text);
        }
    }
}
