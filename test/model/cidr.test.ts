import { isIP } from 'node:net';
import { expect, it } from 'vitest';
import { formatIp, inCidr, parseCidr, parseIp } from '../../framework/model/cidr.ts';

it.each([
  ['192.0.2.1', '192.0.2.0/24', true],
  ['192.0.3.1', '192.0.2.0/24', false],
  ['255.255.255.255', '0.0.0.0/0', true],
  ['128.0.0.1', '128.0.0.0/1', true],
  ['192.0.2.7', '192.0.2.7', true],
  ['192.0.2.7', '192.0.2.7/32', true],
  ['2001:db8::1', '2001:db8::/32', true],
  ['2001:DB8:0:0::1', '2001:db8::/32', true],
  ['2001:db9::1', '2001:db8::/32', false],
  ['2001:db8::1', '2001:db8::/127', true],
  ['fe80::1%eth0', 'fe80::/10', true],
  ['::1', '::1/128', true],
  ['192.0.2.1', '2001:db8::/32', false],
  ['::', '0.0.0.0/0', false],
  ['::ffff:192.0.2.1', '192.0.2.0/24', true],
  ['::ffff:c000:201', '192.0.2.0/24', true],
  ['192.0.2.1', '::ffff:192.0.2.0/120', true],
  ['not an address', '0.0.0.0/0', false],
  ['', '::/0', false],
])("whether '%s' is in %s is %s", (address, network, expected) => {
  expect(inCidr(address, parseCidr(network))).toBe(expected);
});

it.each([
  '192.0.2.0/33',
  '192.0.2/24',
  '2001:db8::/129',
  '192.0.2.0/',
  '192.0.2.0/08',
  '192.0.2.0/24/1',
  '/8',
  'x/8',
  '',
  '::ffff:192.0.2.0/24',
  '192.0.2.0/-1',
  '192.0.2.0/ 8',
])("'%s' is no network", (network) => {
  expect(() => parseCidr(network)).toThrow(expect.objectContaining({ code: 'MODEL_CIDR_INVALID' }));
});

it.each([
  ['192.0.2.1/24', "'192.0.2.0/24'"],
  ['192.0.2.1/24', "'192.0.2.1/32'"],
  ['2001:db8::1/32', "'2001:db8::/32'"],
])('the bits behind the prefix of %s are an error whose hint says %s', (network, hint) => {
  expect(() => parseCidr(network)).toThrow(
    expect.objectContaining({ code: 'MODEL_CIDR_INVALID', hint: expect.stringContaining(hint) }),
  );
});

it.each([
  '0.0.0.0',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '01.1.1.1',
  '1.1.1.1 ',
  '::',
  '::1',
  '1::',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1::2::3',
  ':1',
  '1:',
  ':::',
  '1:2:3:4:5:6:1.2.3.4',
  '::1.2.3.4',
  '1.2.3.4::',
  '::1.2.3.4:5',
  '::g',
  '::12345',
  '1:2:3:4::5:6:7:8',
  '1:2:3:4:5:6:7::',
  'a.b.c.d',
  '1e1.1.1.1',
])("'%s' is an address exactly when Node says so", (text) => {
  expect(parseIp(text) !== undefined).toBe(isIP(text) !== 0);
});

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['fe80:0:0:0:0:0:0:0', 'fe80::'],
  ['2001:db8:0:1:10:100:0:1', '2001:db8:0:1:10:100:0:1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
])('the canonical text of %s is %s', (text, expected) => {
  expect(formatIp(parseIp(text) ?? [])).toBe(expected);
});
