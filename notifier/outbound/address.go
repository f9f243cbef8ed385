package outbound

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// special4 are the IPv4 addresses that are not of the public Internet, by
// IANA's registry of special-purpose addresses, multicast and what is reserved.
func special4() []netip.Prefix {
	return prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
		"192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "224.0.0.0/3")
}

// special6 are those within 2000::/3, the public part of IPv6.
func special6() []netip.Prefix {
	return prefixes("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
}

func prefixes(texts ...string) []netip.Prefix {
	parsed := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		parsed[i] = netip.MustParsePrefix(text)
	}
	return parsed
}

// isPublic reports whether an address is one of the public Internet. An IPv4
// address inside an IPv6 one counts as that IPv4 address.
func isPublic(address netip.Addr) bool {
	address = plain(address)
	if address.Is4() {
		return !within(special4(), address)
	}
	return within(prefixes("2000::/3"), address) && !within(special6(), address)
}

// plain takes zone and disguise off an address: IPv4 mapped into IPv6, or
// translated by NAT64.
func plain(address netip.Addr) netip.Addr {
	address = address.WithZone("").Unmap()
	if within(prefixes("64:ff9b::/96"), address) {
		b := address.As16()
		return netip.AddrFrom4([4]byte(b[12:]))
	}
	return address
}

func within(prefixes []netip.Prefix, address netip.Addr) bool {
	return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(address) })
}

// Private are the networks that hosts have among themselves: private, loopback
// and link-local addresses.
func Private() []netip.Prefix {
	return prefixes("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
		"::1/128", "fc00::/7", "fe80::/10")
}

// ParseAllow reads addresses and networks that may be reached though they are
// not public: "10.1.2.3, 192.168.0.0/16".
func ParseAllow(text string) ([]netip.Prefix, error) {
	var allowed []netip.Prefix
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		if address, err := netip.ParseAddr(part); err == nil {
			allowed = append(allowed, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		network, err := netip.ParsePrefix(part)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address like 10.1.2.3 nor a network like 10.0.0.0/8", part)
		}
		allowed = append(allowed, network.Masked())
	}
	return allowed, nil
}
