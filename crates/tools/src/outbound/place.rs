//! Where an address lies: on the public internet, in a private network, or where nothing is ever asked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far requests reach.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Reach {
    /// The public internet only.
    #[default]
    Public,
    /// This machine and private networks too. Link-local and metadata addresses are never reached.
    Private,
}

#[derive(PartialEq, Eq, Debug)]
enum Place {
    Public,
    Private,
    Never,
}

/// Addresses at which clouds hand out what opens everything else, outside the link-local range.
const METADATA: [IpAddr; 8] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xc1, 0, 0, 0, 0, 0xa9fe, 0xa9fe)),
];

/// Whether an address lies within reach.
pub fn permitted(address: IpAddr, reach: Reach) -> bool {
    match place(address) {
        Place::Public => true,
        Place::Private => reach == Reach::Private,
        Place::Never => false,
    }
}

fn place(address: IpAddr) -> Place {
    if METADATA.contains(&address) {
        return Place::Never;
    }
    match address {
        IpAddr::V4(address) => place_v4(address),
        IpAddr::V6(address) => match carried(address) {
            Some(inner) => place(IpAddr::V4(inner)),
            None => place_v6(address),
        },
    }
}

fn place_v4(address: Ipv4Addr) -> Place {
    match address.octets() {
        [0, ..] | [169, 254, ..] | [224..=239, ..] | [255, 255, 255, 255] => Place::Never,
        [10 | 127 | 240..=255, ..]
        | [100, 64..=127, ..]
        | [172, 16..=31, ..]
        | [192, 168, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => Place::Private,
        _ => Place::Public,
    }
}

fn place_v6(address: Ipv6Addr) -> Place {
    if address.is_unspecified() || address.is_multicast() || address.is_unicast_link_local() {
        return Place::Never;
    }
    match address.segments() {
        // A network's own translation to IPv4 (RFC 8215): to where cannot be told.
        [0x64, 0xff9b, 1, ..] => Place::Never,
        // What is given out for use lies in 2000::/3; within it are documentation, Teredo and other tunnels.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Place::Private,
        [0x2000..=0x3fff, ..] => Place::Public,
        _ => Place::Private,
    }
}

/// The IPv4 address that an IPv6 address stands for: mapped, compatible, translated (NAT64), or 6to4.
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let low = |a: u16, b: u16| {
        let ([a, b], [c, d]) = (a.to_be_bytes(), b.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, a, b] | [0, 0, 0, 0, 0xffff, 0, a, b] => low(a, b),
        [0x64, 0xff9b, 0, 0, 0, 0, a, b] => low(a, b),
        [0x2002, a, b, ..] => low(a, b),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Place {
        place(text.parse().unwrap())
    }

    #[test]
    fn addresses_lie_where_the_registries_say() {
        for public in ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::101:101"] {
            assert_eq!(of(public), Place::Public, "{public}");
        }
        for private in [
            "127.0.0.1",
            "127.8.9.1",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "198.18.0.1",
            "240.0.0.1",
            "192.0.2.1",
            "::1",
            "fc00::1",
            "fd12::1",
            "fec0::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "100::1",
        ] {
            assert_eq!(of(private), Place::Private, "{private}");
        }
        for never in [
            "169.254.169.254",
            "169.254.0.1",
            "0.0.0.0",
            "0.1.2.3",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "fe80::1",
            "ff02::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::",
            "fd00:ec2::254",
            "fd20:ce::254",
            "64:ff9b:1:a00:0:100:101:101",
            "100.100.100.200",
            "168.63.129.16",
            "::ffff:100.100.100.200",
        ] {
            assert_eq!(of(never), Place::Never, "{never}");
        }
    }

    #[test]
    fn private_addresses_need_leave_and_metadata_is_never_reached() {
        let permitted = |text: &str, reach| permitted(text.parse().unwrap(), reach);
        assert!(permitted("1.1.1.1", Reach::Public) && permitted("1.1.1.1", Reach::Private));
        assert!(!permitted("127.0.0.1", Reach::Public) && permitted("127.0.0.1", Reach::Private));
        assert!(!permitted("169.254.169.254", Reach::Private));
    }
}
