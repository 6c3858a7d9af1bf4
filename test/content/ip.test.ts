import { describe, expect, it } from 'vitest';
import { ip } from '../../framework/index.ts';

describe('ip.inCidr', () => {
  it.each([
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['11.1.2.3', ['10.0.0.0/8'], false],
    ['11.1.2.3', ['10.0.0.0/8', '11.1.0.0/16'], true],
    ['203.0.113.7', ['203.0.113.7'], true],
    ['203.0.113.8', ['203.0.113.7'], false],
    ['203.0.113.8', ['0.0.0.0/0'], true],
    ['10.9.9.9', ['10.1.2.3/8'], true],
    ['255.255.255.255', ['255.255.255.254/31'], true],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['2001:db9::1', ['2001:db8::/32'], false],
    ['2001:db8:0:0:0:0:0:1', ['2001:db8::1'], true],
    ['2001:db8::1', ['2001:db8::/127'], true],
    ['2001:db8::2', ['2001:db8::/127'], false],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
    ['10.1.2.3', ['::ffff:10.0.0.0/104'], true],
    ['10.1.2.3', ['::/0'], false],
    ['fe80::1%eth0', ['fe80::/10'], true],
  ])('%s in %j is %s', (address, networks, expected) => {
    expect(ip.inCidr(address, ...networks)).toBe(expected);
  });

  it.each([
    [undefined, '10.0.0.0/8'],
    [null, '10.0.0.0/8'],
    [10, '10.0.0.0/8'],
    ['', '10.0.0.0/8'],
    ['10.0.0', '10.0.0.0/8'],
    ['010.0.0.1', '10.0.0.0/8'],
    ['10.0.0.1', ''],
    ['10.0.0.1', '10.0.0.0/'],
    ['10.0.0.1', '10.0.0.0/33'],
    ['10.0.0.1', '10.0.0.0/-1'],
    ['10.0.0.1', '10.0.0.0/8/8'],
    ['10.0.0.1', 'everything'],
    ['10.0.0.1', '::ffff:10.0.0.0/95'],
  ])('garbage is in no network and holds none: %j in %s', (address, network) => {
    expect(ip.inCidr(address, network)).toBe(false);
  });
});

describe('ip.isPrivate and ip.isValid', () => {
  it.each([
    ['10.0.0.1', true],
    ['172.31.255.255', true],
    ['172.32.0.0', false],
    ['192.168.1.1', true],
    ['100.64.0.1', true],
    ['127.0.0.1', true],
    ['169.254.169.254', true],
    ['203.0.113.1', false],
    ['fd00::1', true],
    ['fe80::1', true],
    ['::1', true],
    ['::', true],
    ['::2', false],
    ['2001:db8::1', false],
    ['::ffff:192.168.0.1', true],
    ['nonsense', false],
  ])('%s is private: %s', (address, expected) => {
    expect(ip.isPrivate(address)).toBe(expected);
  });

  it.each([
    ['203.0.113.1', true],
    ['2001:db8::1', true],
    ['203.0.113.256', false],
    ['2001:db8:::1', false],
    [undefined, false],
    [{}, false],
  ])('%j is an address: %s', (address, expected) => {
    expect(ip.isValid(address)).toBe(expected);
  });
});
