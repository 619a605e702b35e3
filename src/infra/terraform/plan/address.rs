//! Addresses of resources: their parts, and the keys of their instances.

use std::collections::BTreeSet;

/// The address without the keys of its instances: `module.m.aws_sqs_queue.q` of `module.m["a"].aws_sqs_queue.q[0]`.
pub(super) fn without_keys(address: &str) -> String {
    let mut bare = String::with_capacity(address.len());
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for letter in address.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if depth > 0 => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(letter),
            _ => {}
        }
    }
    bare
}

/// The planned instance that an address without keys stands for.
pub(super) fn instance<'a>(address: &str, own: &str, addresses: &BTreeSet<&'a str>) -> Option<&'a str> {
    let bare = without_keys(address);
    let all: Vec<&str> = addresses.iter().copied().filter(|known| without_keys(known) == bare).collect();
    let key = |address: &str| address.rfind('[').map(|at| address[at..].to_owned()).filter(|_| address.ends_with(']'));
    match all.as_slice() {
        [only] => Some(only),
        _ => all.into_iter().find(|known| key(known).is_some() && key(known) == key(own)),
    }
}

/// The parts between dots, but for dots inside brackets.
pub(super) fn segments(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut quoted, mut escaped, mut start) = (0_usize, false, false, 0);
    for (at, letter) in name.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' if depth > 0 => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            '.' if depth == 0 => {
                parts.push(&name[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&name[start..]);
    parts
}

/// A part without its key.
pub(super) fn bare(part: &str) -> &str {
    &part[..part.find('[').unwrap_or(part.len())]
}
