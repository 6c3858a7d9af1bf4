import { describe, expect, it } from 'vitest';
import type { ContentTest } from '../../framework/model/content-test.ts';
import { type ContentTestFile, chooseTests } from '../../framework/testing/choose-tests.ts';

const test = { kind: 'event', name: 'a' } as ContentTest;

function contentFile(file: string, tests: readonly ContentTest[] = [test]): ContentTestFile {
  const id = file.slice(file.indexOf('/') + 1, file.lastIndexOf('.'));
  const kind = file.startsWith('detections/') ? 'detection' : 'query';
  return { file, subject: { kind, id }, tests };
}

const mfa = 'detections/okta/mfa.yml';
const mfaBypass = 'detections/okta/mfa-bypass.yaml';
const query = 'scheduled-queries/okta/mfa-adds.yml';
const bare = 'scheduled-queries/aws/bare.yml';
const files = [...[mfa, mfaBypass, query].map((file) => contentFile(file)), contentFile(bare, [])];

function choose(...filters: readonly string[]) {
  const { chosen, problems } = chooseTests(files, filters);
  return { chosen: chosen.map(({ file }) => file), problems };
}

it.each([
  ['no filter: everything', [], [mfa, mfaBypass, query]],
  ['an id, and not the ids that begin alike', ['okta/mfa'], [mfa]],
  ['a folder of ids', ['okta'], [mfa, mfaBypass, query]],
  ['a folder', ['detections/okta/'], [mfa, mfaBypass]],
  ['a folder from here', ['./detections'], [mfa, mfaBypass]],
  ['here', ['.'], [mfa, mfaBypass, query]],
  ['a file', [mfaBypass], [mfaBypass]],
  ['a file without its ending', ['detections/okta/mfa'], [mfa]],
  ['the code beside a file', ['detections/okta/mfa-bypass.ts'], [mfaBypass]],
  ['several', ['okta/mfa', query], [mfa, query]],
])('%s', (_, filters, expected) => {
  expect(choose(...filters)).toEqual({ chosen: expected, problems: [] });
});

describe('a filter that matches nothing is an error', () => {
  it.each([
    ['a misspelt id', 'okta/mfa-bypas', "Did you mean 'okta/mfa-bypass'?"],
    ['a misspelt file', 'detections/okta/mfa.yaml', "Did you mean 'detections/okta/mfa.yml'?"],
    ['a misspelt folder', 'detections/okto', "Did you mean 'detections/okta'?"],
    ['half a name', 'okta/mf', "Did you mean 'okta/mfa'?"],
    ['something else', 'google-workspace', 'Known: okta, okta/mfa, okta/mfa-bypass, okta/mfa-adds, aws, aws/bare.'],
  ])('%s', (_, filter, hint) => {
    const message = `No detection or scheduled query has the path or id '${filter}'.`;
    const problem = { code: 'TEST_FILTER_UNMATCHED', message, hint, severity: 'error' };
    expect(choose(filter)).toEqual({ chosen: [], problems: [problem] });
    expect(choose('okta/mfa', filter).problems).toEqual([problem]);
  });
});

it('a filter that matches content without tests is a finding', () => {
  expect(choose('aws', 'okta/mfa')).toEqual({
    chosen: [mfa],
    problems: [expect.objectContaining({ code: 'TEST_NONE', message: "'aws' has no tests.", severity: 'finding' })],
  });
});

it('content without any test is a finding', () => {
  expect(chooseTests([contentFile(bare, [])], []).problems).toMatchObject([
    { code: 'TEST_NONE', message: 'There are no tests in this content.', severity: 'finding' },
  ]);
});
