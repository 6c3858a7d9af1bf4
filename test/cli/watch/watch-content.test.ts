import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { coalesce } from '../../../framework/cli/watch/coalesce.ts';
import { type ContentWatch, watchContent } from '../../../framework/cli/watch/watch-content.ts';

let root = '';
let content: ContentWatch;
let changes = 0;
let heard = () => {};

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'margay-watch-'));
  mkdirSync(join(root, 'detections/okta'), { recursive: true });
  mkdirSync(join(root, 'lib'));
  mkdirSync(join(root, '.data'));
  writeFileSync(join(root, 'detections/okta/a.yml'), 'title: a\n');
  writeFileSync(join(root, 'lib/shared.ts'), 'export const a = 1;\n');
  changes = 0;
  content = watchContent({
    root,
    onChange: () => {
      changes++;
      heard();
    },
  });
  await content.ready;
});
afterEach(async () => {
  await content.close();
  rmSync(root, { recursive: true });
});

it('a file that is replaced again and again is seen each time', async () => {
  for (let i = 0; i < 3; i++) {
    const heardOf = nextChange();
    writeFileSync(join(root, 'detections/okta/.a.yml.swp'), `title: edit ${i}\n`);
    renameSync(join(root, 'detections/okta/.a.yml.swp'), join(root, 'detections/okta/a.yml'));
    await heardOf;
  }
});

function nextChange(): Promise<void> {
  return new Promise((resolve) => {
    heard = resolve;
  });
}

const write = (path: string): void => writeFileSync(join(root, path), `title: ${path}\n`);

it.each<readonly [name: string, change: () => void]>([
  ['an edit', () => write('detections/okta/a.yml')],
  ['a new file', () => write('detections/okta/b.yml')],
  ['a file that is removed', () => rmSync(join(root, 'detections/okta/a.yml'))],
  ['the configuration', () => write('margay.config.ts')],
  [
    'a file that an editor replaces',
    () => {
      write('detections/okta/.a.yml.swp');
      renameSync(join(root, 'detections/okta/.a.yml.swp'), join(root, 'detections/okta/a.yml'));
    },
  ],
  [
    'a new content folder',
    () => {
      mkdirSync(join(root, 'scheduled-queries'));
      write('scheduled-queries/q.yml');
    },
  ],
])('hears of %s', async (_name, change) => {
  const heardOf = nextChange();
  change();
  await heardOf;
});

it('hears of files in a folder that came later', async () => {
  let next = nextChange();
  mkdirSync(join(root, 'scheduled-queries/okta'), { recursive: true });
  await next;
  next = nextChange();
  write('scheduled-queries/okta/q.yml');
  await next;
});

it('hears of other folders that the compiler read', async () => {
  await content.include(['lib/shared.ts', 'detections/okta/a.yml']);
  const next = nextChange();
  write('lib/shared.ts');
  await next;
});

it('tells of many changes once', async () => {
  const next = nextChange();
  for (let i = 0; i < 20; i++) write(`detections/okta/${i}.yml`);
  await next;
  expect(changes).toBe(1);
});

it('does not hear of data', async () => {
  write('.data/wal');
  const next = nextChange();
  write('detections/okta/a.yml');
  await next;
  expect(changes).toBe(1);
});

it('an action under way is run once more, however often it was asked for', async () => {
  let runs = 0;
  let finish = () => {};
  const action = coalesce(async () => {
    runs++;
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  const done = action.run();
  void action.run();
  void action.run();
  finish();
  await new Promise((resolve) => setImmediate(resolve));
  expect(runs).toBe(2);
  finish();
  await done;
  await action.settled();
  expect(runs).toBe(2);
});
