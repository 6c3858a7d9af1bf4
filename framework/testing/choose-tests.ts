import type { ContentTest } from '../model/content-test.ts';
import type { Problem } from '../model/margay-error.ts';
import { suggest } from '../model/suggest.ts';
import type { TimelineSubject } from './timeline/run-timeline.ts';

/** The tests of one content file, with what they are about. */
export interface ContentTestFile {
  /** Path of the YAML file, relative to the content root. */
  readonly file: string;
  readonly subject: TimelineSubject;
  readonly tests: readonly ContentTest[];
}

/** The tests that filters want, and what is wrong with the choice. */
export interface ChosenTests {
  /** The files that are wanted and have tests. */
  readonly chosen: readonly ContentTestFile[];
  /** A filter that matches nothing is an error; one that matches no test, or content without tests, a finding. */
  readonly problems: readonly Problem[];
}

/**
 * Chooses tests by filters. A filter is an id or a file (with or without its ending), or begins one, up to a `/`:
 * `okta` and `detections/okta` want `detections/okta/mfa-bypass.yml`, and `okta/mfa` does not. The code beside
 * a file stands for it. No filter wants everything.
 */
export function chooseTests(files: readonly ContentTestFile[], filters: readonly string[]): ChosenTests {
  const problems: Problem[] = [];
  for (const filter of filters) {
    const matched = files.filter((file) => isWanted(file, filter));
    if (matched.length === 0) problems.push(unmatched(filter, files));
    else if (matched.every(({ tests }) => tests.length === 0)) problems.push(withoutTests(`'${filter}' has no tests.`));
  }
  const wanted =
    filters.length === 0 ? files : files.filter((file) => filters.some((filter) => isWanted(file, filter)));
  const chosen = wanted.filter(({ tests }) => tests.length > 0);
  if (filters.length === 0 && chosen.length === 0) problems.push(withoutTests('There are no tests in this content.'));
  return { chosen, problems };
}

function isWanted({ file, subject }: ContentTestFile, filter: string): boolean {
  const path = plain(filter);
  const stem = withoutEnding(file);
  if (path === '' || path === file || path === `${stem}.ts`) return true;
  return [stem, subject.id].some((name) => name === path || name.startsWith(`${path}/`));
}

function unmatched(filter: string, files: readonly ContentTestFile[]): Problem {
  const path = plain(filter);
  const isPath = files.some(({ file }) => file.split('/')[0] === path.split('/')[0]);
  const names = files.map(({ file, subject }) => (isPath ? file : subject.id));
  return {
    code: 'TEST_FILTER_UNMATCHED',
    message: `No detection or scheduled query has the path or id '${filter}'.`,
    hint: suggest(path, [...new Set(names.flatMap((name) => [...foldersOf(name), name]))]),
    severity: 'error',
  };
}

function withoutTests(message: string): Problem {
  return { code: 'TEST_NONE', message, hint: "Add a test under 'tests:' of the YAML file.", severity: 'finding' };
}

/** As people and shells write paths: `./detections/okta/`, `.`. */
function plain(filter: string): string {
  return filter
    .replace(/^(\.\/)+/, '')
    .replace(/\/+$/, '')
    .replace(/^\.$/, '');
}

function withoutEnding(file: string): string {
  return file.replace(/\.ya?ml$/i, '');
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
