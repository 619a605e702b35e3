//! Bytes to text: UTF-8 with or without a byte-order mark, and UTF-16 with one.

/// Decodes a file; the error says what was wrong, for a problem of kind `parse`.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, String> {
    match bytes.as_slice() {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest.to_vec()),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        format!("is not valid UTF-8 (byte {}); save the file as UTF-8", error.utf8_error().valid_up_to())
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err("is UTF-16 with an odd number of bytes; the file is cut short".into());
    }
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .collect::<Result<String, _>>()
        .map_err(|_| "is not valid UTF-16 (a lone surrogate); save the file as UTF-8".into())
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn marks_are_dropped_and_utf16_is_read() {
        assert_eq!(decode(b"\xEF\xBB\xBFa: 1".to_vec()).unwrap(), "a: 1");
        assert_eq!(decode(vec![0xFF, 0xFE, b'a', 0, 0xE9, 0]).unwrap(), "a\u{e9}");
        assert_eq!(decode(vec![0xFE, 0xFF, 0, b'a']).unwrap(), "a");
        assert!(decode(vec![0xFF, 0xFE, b'a']).unwrap_err().contains("odd"));
        assert!(decode(vec![b'a', 0xFF]).unwrap_err().contains("byte 1"));
    }
}
