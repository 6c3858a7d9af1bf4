import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

const eventTypes = [
  'user.session.start',
  'policy.lifecycle.update',
  'system.api_token.create',
  'group.user_membership.add',
];

/** A content repository in a temporary folder: detections with three event tests each, every fifth with code. */
export function generateContent(detectionCount: number): string {
  const root = mkdtempSync(join(tmpdir(), 'margay-bench-'));
  cpSync(join(repository, 'fixtures'), join(root, 'fixtures'), { recursive: true });
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'bench', private: true, type: 'module' }));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  const folder = join(root, 'detections/generated');
  mkdirSync(folder, { recursive: true });
  for (let index = 0; index < detectionCount; index++) {
    const name = `detection-${String(index).padStart(4, '0')}`;
    const withCode = index % 5 === 0;
    writeFileSync(join(folder, `${name}.yml`), detectionYaml(index, withCode));
    if (withCode) writeFileSync(join(folder, `${name}.ts`), detectionCode(`generated/${name}`));
  }
  return root;
}

/** Copies the founding story into a content repository: the timelines that are timed. */
export function addFoundingStory(root: string): void {
  for (const part of ['detections/okta', 'scheduled-queries', 'lookups'])
    cpSync(join(repository, part), join(root, part), { recursive: true });
}

function detectionYaml(index: number, withCode: boolean): string {
  const eventType = eventTypes[index % eventTypes.length];
  return `title: Generated detection ${index}
level: medium
logTypes: [Okta.SystemLog]
detection:
  event:
    eventType: ${eventType}
    actor.alternateId|endswith: '@tenant${index}.example.com'
  office:
    client.ipAddress|cidr: 203.0.113.0/24
  condition: event and not office
${withCode ? '' : "alertTitle: '{actor.alternateId} did {eventType}'\n"}dedup: { by: [actor.alternateId], period: 1h }
context: { actor: { from: actor.alternateId, type: string } }
tests:
  - name: the tenant's event matches
    log: fixtures/okta/session-start.json
    with: { eventType: ${eventType}, actor.alternateId: dana@tenant${index}.example.com, client.ipAddress: 192.0.2.7 }
    expect: { match: true, title: 'dana@tenant${index}.example.com did ${eventType}' }
  - name: the office does not match
    log: fixtures/okta/session-start.json
    with: { eventType: ${eventType}, actor.alternateId: dana@tenant${index}.example.com, client.ipAddress: 203.0.113.9 }
    expect: { match: false }
  - name: another tenant does not match
    log: fixtures/okta/session-start.json
    with: { eventType: ${eventType} }
    expect: { match: false }
`;
}

function detectionCode(id: string): string {
  return `import { detection } from 'margay';

export default detection<'${id}'>({
  title: (event) => \`\${event.actor?.alternateId} did \${event.eventType}\`,
});
`;
}
