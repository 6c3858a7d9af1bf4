import { readFileSync } from 'node:fs';
import { setPath } from '../../framework/model/path.ts';

/** One Okta System Log record. */
export type OktaRecord = Readonly<Record<string, unknown>>;

/** What a generated month holds. */
export interface OktaMonth {
  /** In order of time. */
  readonly records: readonly OktaRecord[];
  /** Adds to "Bypass MFA" per member. */
  readonly bypassAdds: Readonly<Record<string, number>>;
}

const dayMs = 86_400_000;
const people = ['anna', 'bart', 'carla', 'dana', 'elif', 'finn', 'gita', 'hugo', 'ines', 'joris', 'kofi', 'lena'];
const teams = ['sales', 'finance', 'support', 'platform'];
const groups = ['Engineering', 'Everyone', 'Payroll users', 'VPN', 'Contractors'];

/** Who was put into "Bypass MFA", and how many days before the end. Bart is the story; the others are support. */
const bypassStory: readonly (readonly [member: string, daysAgo: number])[] = [
  ['bart@example.com', 24.4],
  ['carla@example.com', 19.6],
  ['dana@example.com', 16.2],
  ['bart@example.com', 11.1],
  ['dana@example.com', 6.7],
  ['bart@example.com', 1.3],
];

/**
 * Thirty days of one company's Okta, the same for the same seed and end: sign-ins (some mistyped), group changes,
 * factors, locked accounts, and the adds to "Bypass MFA".
 *
 * @param endMs - The end of the month; nothing is later.
 * @param count - How many records of everyday life, besides the story.
 */
export function generateOktaMonth(endMs: number, count: number, seed: number): OktaMonth {
  const random = seededRandom(seed);
  const records: { readonly atMs: number; readonly record: OktaRecord }[] = [];
  const add = (atMs: number, fixture: string, changes: Readonly<Record<string, unknown>>): void => {
    const published = new Date(atMs).toISOString();
    const uuid = `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`;
    let record = fixtureRecord(fixture);
    for (const [path, value] of Object.entries({ uuid, published, ...changes })) record = setPath(record, path, value);
    records.push({ atMs, record });
  };
  for (let i = 0; i < count; i++) addEverydayEvent(add, workingTime(endMs, random), random);
  const bypassAdds: Record<string, number> = {};
  for (const [member, daysAgo] of bypassStory) {
    bypassAdds[member] = (bypassAdds[member] ?? 0) + 1;
    add(endMs - daysAgo * dayMs, 'group-membership-add', {
      'target[0].alternateId': member,
      'target[0].displayName': fullName(member),
    });
  }
  records.sort((a, b) => a.atMs - b.atMs);
  return { records: records.map(({ record }) => record), bypassAdds };
}

type Add = (atMs: number, fixture: string, changes: Readonly<Record<string, unknown>>) => void;

function addEverydayEvent(add: Add, atMs: number, random: () => number): void {
  const user = `${pick(people, random)}.${pick(teams, random)}@example.com`;
  const actor = { 'actor.alternateId': user, 'actor.displayName': fullName(user), 'actor.id': `00u${hash(user)}` };
  const client = { 'client.ipAddress': `198.51.100.${1 + Math.floor(random() * 250)}` };
  const dice = random();
  if (dice < 0.78) add(atMs, 'session-start', { ...actor, ...client });
  else if (dice < 0.93) add(atMs, 'session-start-failure', { ...actor, ...client });
  else if (dice < 0.985) {
    add(atMs, 'group-membership-add', {
      ...client,
      'target[0].alternateId': user,
      'target[0].displayName': fullName(user),
      'target[1].displayName': pick(groups, random),
    });
  } else if (dice < 0.995) add(atMs, 'account-lock', { ...actor, ...client });
  else add(atMs, 'application-deactivate', client);
}

/** A moment in the 30 days before the end, mostly in working hours (UTC). */
function workingTime(endMs: number, random: () => number): number {
  const hour = random() < 0.9 ? 7 + random() * 11 : random() * 24;
  const daysAgo = 1 + Math.floor(random() * 29);
  const midnightMs = Math.floor(endMs / dayMs) * dayMs - daysAgo * dayMs;
  return Math.floor(midnightMs + (hour / 24) * dayMs);
}

const fixtures = new Map<string, OktaRecord>();

function fixtureRecord(name: string): OktaRecord {
  const known = fixtures.get(name);
  if (known) return known;
  const url = new URL(`../../fixtures/okta/${name}.json`, import.meta.url);
  const record = JSON.parse(readFileSync(url, 'utf8')) as OktaRecord;
  fixtures.set(name, record);
  return record;
}

function fullName(login: string): string {
  return (login.split('@')[0] as string)
    .split('.')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join(' ');
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)] as T;
}

function hex(random: () => number, digits: number): string {
  let text = '';
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}

function hash(text: string): string {
  let value = 7;
  for (const char of text) value = (value * 31 + (char.codePointAt(0) as number)) % 0xffffffff;
  return value.toString(36).padStart(8, '0');
}

/** Mulberry32: a small generator with a 32-bit state, the same sequence for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
