import { BlockList, isIP } from 'net';

/** Address ranges in CIDR notation, such as `10.0.0.0/8` and `2001:db8::/32`. */

interface AddressRange {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly bits: number;
}

/** The parts of a range, or undefined if it is none. */
export function parseRange(text: string): AddressRange | undefined {
  const [, address, length] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const version = isIP(address ?? '');
  const bits = Number(length);
  if (version === 0 || bits > (version === 4 ? 32 : 128)) return undefined;
  return { address, family: version === 4 ? 'ipv4' : 'ipv6', bits };
}

/** Whether each address of the special range lies in the general one. Texts that are no ranges (tokens) cover themselves only. */
export function rangeCovers(general: string, special: string): boolean {
  const [outer, inner] = [parseRange(general), parseRange(special)];
  if (outer === undefined || inner === undefined) return general === special;
  if (outer.family !== inner.family || outer.bits > inner.bits) return false;
  const block = new BlockList();
  block.addSubnet(outer.address, outer.bits, outer.family);
  return block.check(inner.address, inner.family);
}

/** Two ranges have an address in common only if one lies in the other. */
export function rangesMeet(one: string, other: string): boolean {
  return rangeCovers(one, other) || rangeCovers(other, one);
}
