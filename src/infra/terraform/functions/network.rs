//! Addresses of networks, of both versions of IP.

use super::super::value::{Value, number_text};
use super::given::{Found, Given};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

pub(super) fn call(name: &str, given: &Given<'_>) -> Option<Found> {
    let value = match name {
        "cidrsubnet" => subnet(given),
        "cidrsubnets" => subnets(given),
        "cidrhost" => host(given),
        "cidrnetmask" => netmask(given),
        "cidrcontains" => contains(given),
        _ => return None,
    };
    Some(value.into())
}

/// A network: its first address, the number of its fixed bits, and of all bits.
#[derive(Clone, Copy)]
struct Network {
    address: u128,
    bits: u32,
    width: u32,
}

impl Network {
    fn of(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let (address, width) = number(address)?;
        let bits = bits.parse::<u32>().ok().filter(|bits| *bits <= width)?;
        let kept = address & !low(width - bits);
        Some(Self { address: kept, bits, width })
    }

    fn text(self, address: u128) -> String {
        if self.width == 32 {
            Ipv4Addr::from(u32::try_from(address).unwrap_or_default()).to_string()
        } else {
            Ipv6Addr::from(address).to_string()
        }
    }
}

fn number(address: &str) -> Option<(u128, u32)> {
    Some(match address.parse::<IpAddr>().ok()? {
        IpAddr::V4(address) => (u32::from(address).into(), 32),
        IpAddr::V6(address) => (address.into(), 128),
    })
}

/// This many low bits set.
fn low(bits: u32) -> u128 {
    1_u128.checked_shl(bits).map_or(u128::MAX, |bit| bit - 1)
}

fn whole(given: &Given<'_>, index: usize) -> Option<u32> {
    given.at(index)?.as_index().and_then(|number| u32::try_from(number).ok())
}

fn subnet(given: &Given<'_>) -> Option<Value> {
    let network = Network::of(&given.text(0)?)?;
    let (more, number) = (whole(given, 1)?, u128::from(whole(given, 2)?));
    let bits = network.bits.checked_add(more).filter(|bits| *bits <= network.width)?;
    if number > low(more) {
        return Some(given.invalid("cidrsubnet() out of range"));
    }
    let address = network.address | number.checked_shl(network.width - bits).unwrap_or(0);
    Some(given.string(format!("{}/{bits}", network.text(address))))
}

/// Networks of these sizes one after the other, each at a multiple of its size.
fn subnets(given: &Given<'_>) -> Option<Value> {
    let network = Network::of(&given.text(0)?)?;
    let mut next = network.address;
    let mut made = Vec::new();
    for index in 1..given.values.len() {
        let bits = network.bits.checked_add(whole(given, index)?).filter(|bits| *bits <= network.width)?;
        let size = low(network.width - bits);
        let address = next.checked_add(size)? & !size;
        if address & !low(network.width - network.bits) != network.address {
            return Some(given.invalid("cidrsubnets() out of range"));
        }
        made.push(given.string(format!("{}/{bits}", network.text(address))));
        next = address.checked_add(size)?.checked_add(1)?;
    }
    Some(given.list(made))
}

fn host(given: &Given<'_>) -> Option<Value> {
    let network = Network::of(&given.text(0)?)?;
    let number = number_text(given.number(1)?).parse::<i128>().ok()?;
    let last = low(network.width - network.bits);
    let offset = if number < 0 { last.checked_sub(number.unsigned_abs() - 1) } else { Some(number.unsigned_abs()) };
    match offset.filter(|offset| *offset <= last) {
        Some(offset) => Some(given.string(network.text(network.address | offset))),
        None => Some(given.invalid("cidrhost() out of range")),
    }
}

fn netmask(given: &Given<'_>) -> Option<Value> {
    let network = Network::of(&given.text(0)?).filter(|network| network.width == 32)?;
    Some(given.string(network.text(low(32) & !low(32 - network.bits))))
}

/// OpenTofu's: whether an address or a whole network lies in a network.
fn contains(given: &Given<'_>) -> Option<Value> {
    let outer = Network::of(&given.text(0)?)?;
    let inner = given.text(1)?;
    let inner = match number(&inner) {
        Some((address, width)) => Network { address, bits: width, width },
        None => Network::of(&inner)?,
    };
    let inside = outer.width == inner.width
        && inner.bits >= outer.bits
        && inner.address & !low(outer.width - outer.bits) == outer.address;
    Some(given.bool(inside))
}
