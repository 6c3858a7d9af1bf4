import { seededRandom } from '../../demo/okta-month.ts';

/** A body of records, one a line, whose ids and times can be written anew without making it again. */
export interface EventBatch {
  readonly body: Buffer;
  readonly eventCount: number;
  /** Where each record's id begins, in bytes. */
  readonly idOffsets: readonly number[];
  readonly timeOffsets: readonly number[];
}

const idMarker = '"uuid":"';
const timeMarker = '"published":"';
const hexDigits = 12;

/** Batches of generated Okta-shaped records of about 1.2 KB, the same for the same seed. About one in a hundred matches. */
export function generateBatches(count: number, eventsPerBatch: number, seed: number): readonly EventBatch[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const lines = Array.from({ length: eventsPerBatch }, () => JSON.stringify(oktaEvent(random)));
    const body = Buffer.from(`${lines.join('\n')}\n`);
    return {
      body,
      eventCount: eventsPerBatch,
      idOffsets: offsetsOf(body, idMarker),
      timeOffsets: offsetsOf(body, timeMarker),
    };
  });
}

/** Makes other events of a batch, in place: other ids, and times one millisecond apart from `startMs` on. */
export function renew({ body, idOffsets, timeOffsets }: EventBatch, serial: number, startMs: number): void {
  for (const [index, offset] of idOffsets.entries()) {
    body.write((serial * idOffsets.length + index).toString(16).padStart(hexDigits, '0'), offset, 'latin1');
  }
  for (const [index, offset] of timeOffsets.entries()) {
    body.write(new Date(startMs + index).toISOString(), offset, 'latin1');
  }
}

function offsetsOf(body: Buffer, marker: string): readonly number[] {
  const offsets: number[] = [];
  for (let at = body.indexOf(marker); at >= 0; at = body.indexOf(marker, at + 1)) offsets.push(at + marker.length);
  return offsets;
}

const cities = ['Delft', 'Leuven', 'Porto', 'Turku', 'Graz', 'Aarhus', 'Lille', 'Brno', 'Cork', 'Split'];
const countries = ['Netherlands', 'Belgium', 'Portugal', 'Finland', 'Austria', 'Denmark', 'France', 'Czechia'];
const systems = ['Mac OS X 10_15_7', 'Windows NT 10.0; Win64; x64', 'X11; Linux x86_64', 'iPhone; CPU iPhone OS 17_5'];

type Random = () => number;

function oktaEvent(random: Random): unknown {
  const dice = random();
  const number = Math.floor(random() * 4_000);
  const user = `user${number}@example.com`;
  const request = token(random, 24);
  const isGroupAdd = dice >= 0.93;
  const isFailure = dice < 0.009;
  return {
    uuid: `${hex(random, 12)}-${hex(random, 8)}-${hex(random, 12)}`,
    published: '2026-03-02T07:58:02.114Z',
    eventType: isGroupAdd ? 'group.user_membership.add' : 'user.session.start',
    version: '0',
    severity: isFailure ? 'WARN' : 'INFO',
    displayMessage: isGroupAdd ? 'Add user to group membership' : 'User login to Okta',
    actor: { id: oktaId('00u', number), type: 'User', alternateId: user, displayName: user.split('@')[0] },
    client: {
      ipAddress: `198.51.${100 + Math.floor(random() * 2)}.${Math.floor(random() * 250)}`,
      device: 'Computer',
      zone: 'OfficeDelft',
      userAgent: {
        rawUserAgent: `Mozilla/5.0 (${pick(systems, random)}) AppleWebKit/537.36 Chrome/${120 + Math.floor(random() * 12)}.0.0.0`,
        os: 'Mac OS 14.7.1 (Sonoma)',
        browser: 'CHROME',
      },
      geographicalContext: {
        city: pick(cities, random),
        country: pick(countries, random),
        postalCode: String(Math.floor(random() * 9_000) + 1_000),
        geolocation: { lat: Math.floor(random() * 90), lon: 4.3556 },
      },
    },
    outcome: isFailure ? { result: 'FAILURE', reason: 'INVALID_CREDENTIALS' } : { result: 'SUCCESS' },
    target: isGroupAdd
      ? [
          { id: oktaId('00u', number), type: 'User', alternateId: user, displayName: user },
          { id: oktaId('00g', number % 40), type: 'UserGroup', displayName: dice > 0.999 ? 'Bypass MFA' : 'Sales' },
        ]
      : [{ id: '0oaoTaMmyGGGwBtPOjPY', type: 'AppInstance', displayName: 'Okta Dashboard' }],
    transaction: { type: 'WEB', id: request, detail: {} },
    debugContext: { debugData: { requestId: request, requestUri: '/idp/idx/identify', risk: '{level=LOW}' } },
    authenticationContext: { authenticationStep: 0, rootSessionId: token(random, 21) },
    securityContext: { asNumber: 64_500, asOrg: 'example network', domain: 'example.org', isProxy: false },
  };
}

function pick<T>(from: readonly T[], random: Random): T {
  return from[Math.floor(random() * from.length)] as T;
}

/** The same for the same number, as the ids of a vendor's users are. */
function oktaId(prefix: string, number: number): string {
  return prefix + token(seededRandom(number), 17);
}

function token(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += Math.floor(random() * 36).toString(36);
  return text;
}

function hex(random: Random, digits: number): string {
  let text = '';
  while (text.length < digits) text += Math.floor(random() * 16).toString(16);
  return text;
}
