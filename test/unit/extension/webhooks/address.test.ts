import { expect, test } from 'vitest';
import { addressFault, isOpen } from '../../../../src/extension/webhooks/address.js';
import { t } from '../fixtures.js';

const token = 'aB3_-xY'.repeat(9);

test.each([
  `https://discord.com/api/webhooks/1234567890/${token}`,
  `  https://discord.com/api/webhooks/1234567890/${token}\n`,
  `https://canary.discord.com/api/webhooks/1/${token}`,
  `https://ptb.discord.com/api/webhooks/1/${token}`,
  `https://discordapp.com/api/webhooks/1/${token}`,
  `https://discord.com/api/v10/webhooks/1/${token}?thread_id=5`,
])('of Discord: %s', (address) => {
  expect(addressFault('discord', address, t)).toBeUndefined();
});

test.each([
  `http://discord.com/api/webhooks/1/${token}`,
  `https://discord.com.example.org/api/webhooks/1/${token}`,
  `https://notdiscord.com/api/webhooks/1/${token}`,
  `https://example.org/.discord.com/api/webhooks/1/${token}`,
  'https://discord.com/api/webhooks/1234567890',
  `https://discord.com/api/webhooks/1/${token}/slack`,
  'https://discord.com/channels/1/2',
  'discord',
])('not of Discord: %s', (address) => {
  expect(addressFault('discord', address, t)).toMatch(/^The address of a Discord webhook looks like https:/);
});

test.each([
  'https://example.org/alerts?key=1',
  'http://localhost:8080/x',
  'http://127.0.0.1/x',
  'http://[::1]:9/x',
  'http://192.168.1.5/x',
  'http://172.20.0.1/x',
  'http://[fd00::1]/x',
  'http://nas.local/x',
  'http://nas/x',
])('of a program: %s', (address) => {
  expect(addressFault('generic', address, t)).toBeUndefined();
});

test.each([
  'http://example.org/x',
  'http://10.example.org/x',
  'http://172.32.0.1/x',
  'http://8.8.8.8/x',
  'http://[2001:db8::1]/x',
])('not without encryption: %s', (address) => {
  expect(addressFault('generic', address, t)).toMatch(/^http:\/\/ is for this PC/);
});

test.each([
  ['', 'Paste the address.'],
  ['  ', 'Paste the address.'],
  ['ftp://example.org', 'It must begin with https://'],
  ['example.org', 'It must begin with https://'],
  ['https://a\nb', 'It must be a single line.'],
  [`https://example.org/${'x'.repeat(1024)}`, 'At most 1024 characters.'],
])('%j is no address', (address, fault) => {
  expect(addressFault('generic', address, t)).toBe(fault);
});

test('only what leaves this PC unencrypted is open', () => {
  const addresses = [
    'http://192.168.1.5/x',
    'http://nas/x',
    'http://localhost/x',
    'http://127.0.0.1/x',
    'https://nas/x',
  ];
  expect(addresses.map(isOpen)).toEqual([true, true, false, false, false]);
});
