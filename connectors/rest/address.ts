/**
 * Which network an IP address belongs to, so that a call from here cannot be led to where only we can reach. Owns the table of
 * addresses. Does not own names or connections (connection.ts).
 * Invariant: an address this file does not know to be harmless is `vietata`; an IPv4 address inside an IPv6 one is judged as itself.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import type { Network } from './types.ts'

/** `vietata`: link-local, cloud metadata, multicast, documentation, tunnels, reserved: never called. */
export type AddressKind = Network | 'vietata'

export function kindOfAddress(address: string): AddressKind {
  if (isIPv4(address)) return kindOf4(address)
  // A zone (fe80::1%eth0) makes it an address of one link.
  if (!isIPv6(address) || address.includes('%')) return 'vietata'
  const inner = embedded4(address)
  return inner === null ? kindOf6(address) : kindOf4(inner)
}

/** Whether a service of that network may have this address. */
export function isAdmitted(address: string, network: Network): boolean {
  switch (kindOfAddress(address)) {
    case 'vietata':
      return false
    case 'pubblica':
      return true
    case 'privata':
      return network !== 'pubblica'
    case 'locale':
      return network === 'locale'
  }
}

const blocks = (family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const range of ranges) {
    const [net = '', bits] = range.split('/')
    list.addSubnet(net, Number(bits), family)
  }
  return list
}

/** IANA special-purpose registries (RFC 6890 and later), and the metadata services of clouds. */
const FORBIDDEN_4 = blocks('ipv4', [
  ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '100.100.100.200/32', '168.63.129.16/32'],
])
const LOCAL_4 = blocks('ipv4', ['127.0.0.0/8'])
const PRIVATE_4 = blocks('ipv4', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'])

const FORBIDDEN_6 = blocks('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', 'fd00:ec2::254/128'])
const LOCAL_6 = blocks('ipv6', ['::1/128'])
const PRIVATE_6 = blocks('ipv6', ['fc00::/7'])
/** The only part of IPv6 from which public addresses are given. */
const GLOBAL_6 = blocks('ipv6', ['2000::/3'])

function kindOf4(address: string): AddressKind {
  if (FORBIDDEN_4.check(address)) return 'vietata'
  if (LOCAL_4.check(address)) return 'locale'
  return PRIVATE_4.check(address) ? 'privata' : 'pubblica'
}

function kindOf6(address: string): AddressKind {
  const within = (list: BlockList): boolean => list.check(address, 'ipv6')
  if (within(FORBIDDEN_6)) return 'vietata'
  if (within(LOCAL_6)) return 'locale'
  if (within(PRIVATE_6)) return 'privata'
  return within(GLOBAL_6) ? 'pubblica' : 'vietata'
}

/** The IPv4 address in a mapped (::ffff:0:0/96) or translated (64:ff9b::/96) one, else null. */
function embedded4(address: string): string | null {
  const groups = groupsOf(address)
  const start = groups.slice(0, 6).join(':')
  if (start !== '0:0:0:0:0:ffff' && start !== '64:ff9b:0:0:0:0') return null
  return groups
    .slice(6)
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.')
}

/** The eight groups, in hexadecimal without leading zeros, whatever the spelling. */
function groupsOf(address: string): readonly string[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail] = canonical.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  return [...left, ...new Array<string>(8 - left.length - right.length).fill('0'), ...right]
}
