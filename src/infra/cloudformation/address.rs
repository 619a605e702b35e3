//! `Fn::Cidr`: the address blocks that a block is divided into.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The first `count` blocks of `bits` host bits each in a block, as CloudFormation gives them (Template Reference,
/// `Fn::Cidr`, read 2026-11: 1 to 256 blocks); `None` where they do not fit or the block is none.
pub(super) fn blocks(block: &str, count: usize, bits: u32) -> Option<Vec<String>> {
    if !(1..=256).contains(&count) {
        return None;
    }
    let (address, length) = block.trim().split_once('/')?;
    let length: u32 = length.parse().ok()?;
    let (start, width): (u128, u32) = match address.parse::<Ipv4Addr>() {
        Ok(address) => (u128::from(u32::from(address)), 32),
        Err(_) => (u128::from(address.parse::<Ipv6Addr>().ok()?), 128),
    };
    let free = width.checked_sub(length)?;
    let divided = free.checked_sub(bits)?;
    if divided < 128 && count as u128 > 1 << divided {
        return None;
    }
    let start = if free >= 128 { 0 } else { start >> free << free };
    let size = 1_u128.checked_shl(bits)?;
    let shown = |index: usize| {
        let address = start.checked_add(size.checked_mul(index as u128)?)?;
        let text = match u32::try_from(address) {
            Ok(address) if width == 32 => Ipv4Addr::from(address).to_string(),
            _ => Ipv6Addr::from(address).to_string(),
        };
        Some(format!("{text}/{}", width - bits))
    };
    (0..count).map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn blocks_are_divided_in_order() {
        for (block, count, bits, expected) in [
            ("10.0.0.0/16", 2, 8, Some("10.0.0.0/24 10.0.1.0/24")),
            (
                "192.168.0.0/24",
                6,
                5,
                Some(
                    "192.168.0.0/27 192.168.0.32/27 192.168.0.64/27 192.168.0.96/27 192.168.0.128/27 192.168.0.160/27",
                ),
            ),
            ("10.0.7.9/16", 1, 8, Some("10.0.0.0/24")),
            ("255.255.255.0/24", 1, 8, Some("255.255.255.0/24")),
            ("2001:db8::/56", 2, 64, Some("2001:db8::/64 2001:db8:0:1::/64")),
            ("::/0", 1, 127, Some("::/1")),
            ("10.0.0.0/24", 3, 7, None),
            ("10.0.0.0/24", 1, 9, None),
            ("10.0.0.0/33", 1, 1, None),
            ("10.0.0.0/8", 257, 8, None),
            ("::/0", 1, 128, None),
            ("10.0.0.0", 1, 8, None),
            ("x/8", 1, 8, None),
        ] {
            let given = blocks(block, count, bits).map(|blocks| blocks.join(" "));
            assert_eq!(given.as_deref(), expected, "{block} {count} {bits}");
        }
    }
}
