//! The packed tables under `data/iam/`: text, one record a line, compressed with zstd and decoded when first asked for.

use std::io::Read;

/// Decodes a table that is part of the program.
///
/// The bytes are compiled in, so a failure is a broken build; the text is then empty, and the tests of every table
/// would say so.
pub(super) fn unpack(packed: &[u8]) -> String {
    let mut text = String::new();
    if let Ok(mut decoder) = ruzstd::decoding::StreamingDecoder::new(packed)
        && decoder.read_to_string(&mut text).is_err()
    {
        text.clear();
    }
    text
}
