import { expect, it } from 'vitest';
import { draftCodeowners, type OwnedItem } from '../../../framework/gitops/github/index.ts';
import { at } from '../../../framework/model/margay-error.ts';

const item = (file: string, ...owners: readonly string[]): OwnedItem => ({ owners, where: at(file, 1, 1) });

const owned = [
  item('scheduled-queries/okta/adds.yml', '@acme/identity', 'mira@example.com', '@acme/identity'),
  item('detections/okta/spray.yml', '@mira'),
  item('detections/okta/nobodys.yml'),
];

const section = `# margay: owners of the content
/detections/okta/spray.* @mira
/scheduled-queries/okta/adds.* @acme/identity mira@example.com
# margay: end
`;

it('each item with owners has a line, sorted, and the same again changes nothing', () => {
  const { text, lines, problems } = draftCodeowners('', owned, '');
  expect(text).toBe(section);
  expect(lines).toEqual([
    '+ /detections/okta/spray.* @mira',
    '+ /scheduled-queries/okta/adds.* @acme/identity mira@example.com',
  ]);
  expect(problems).toEqual([]);
  expect(draftCodeowners(text, owned.toReversed(), '')).toEqual({ text, lines: [], problems: [] });
});

it("the team's own lines stay, before and after the section, which says what it loses", () => {
  const theirs = '* @acme/security\n';
  const { text } = draftCodeowners(theirs, owned, '');
  expect(text).toBe(`${theirs}\n${section}`);
  const moved = `${text}\n/docs/ @docs\n`;
  const fewer = draftCodeowners(moved, owned.slice(0, 1), '');
  expect(fewer.text).toBe(moved.replace('/detections/okta/spray.* @mira\n', ''));
  expect(fewer.lines).toEqual(['- /detections/okta/spray.* @mira']);
  expect(draftCodeowners(moved, [], '').text).toBe(`${theirs}\n\n\n/docs/ @docs\n`);
  expect(draftCodeowners(theirs, [], '')).toEqual({ text: theirs, lines: [], problems: [] });
});

it('content in a folder of its repository is named from the root', () => {
  const { text } = draftCodeowners('', [item('detections/a.yaml', '@mira')], 'our detections/');
  expect(text).toContain('/our\\ detections/detections/a.* @mira\n');
});

it.each(['identity', 'Mira Lund', '@', '@acme/', '@acme/a/b', '@a b', 'mira@', '@mira\n* @mallory', '#identity'])(
  'an owner %j, which is none at GitHub, is a finding and no line',
  (owner) => {
    const items = [item('detections/a.yml', owner), item('detections/b.yml', '@mira', owner)];
    const { text, problems } = draftCodeowners('', items, '');
    expect(text).toBe('# margay: owners of the content\n/detections/b.* @mira\n# margay: end\n');
    expect(problems).toEqual([
      {
        code: 'GITHUB_OWNER_INVALID',
        message: `The owner '${owner}' here and in 1 more is no name at GitHub, so it gets no line in CODEOWNERS.`,
        where: at('detections/a.yml', 1, 1),
        hint: "Write '@name', '@organisation/team' or an e-mail address.",
        severity: 'finding',
      },
    ]);
  },
);

it('people of a company that manages its accounts, teams and addresses are owners', () => {
  const owners = ['@mira-lund_acme', '@acme/blue.team_1', 'soc+okta@mail.example.com'];
  expect(draftCodeowners('', [item('detections/a.yml', ...owners)], '')).toMatchObject({
    lines: [`+ /detections/a.* ${owners.join(' ')}`],
    problems: [],
  });
});
