import { describe, expect, it } from 'vitest';
import { escapeMarkdown, fence, inlineCode } from '../../../framework/cli/reporters/markdown.ts';
import { planMarker, renderPlanMarkdown } from '../../../framework/cli/reporters/plan-markdown.ts';
import type { Plan, PlanItem } from '../../../framework/model/plan.ts';

const empty: Plan = {
  format: 1,
  base: { kind: 'live', url: 'http://127.0.0.1:7430', serial: 3, digest: `sha256:${'a'.repeat(64)}`, commit: null },
  bundle: { digest: `sha256:${'b'.repeat(64)}`, commit: null },
  items: [],
  unchangedCount: 2,
  affected: [],
  coverage: { before: 1, after: 1, gained: [], lost: [] },
  findings: [],
  problems: [],
  tests: null,
  backtests: [],
  blocked: false,
};

function changed(id: string, runbook: string): PlanItem {
  return {
    change: 'changed',
    kind: 'detection',
    id,
    title: id,
    owners: [],
    aspects: ['meta'],
    fields: [{ aspect: 'meta', field: 'runbook', before: '', after: runbook }],
  };
}

describe('the comment', () => {
  it('begins with the mark by which it is found again', () => {
    expect(renderPlanMarkdown(empty).startsWith(planMarker)).toBe(true);
  });

  it('is never longer than GitHub takes, and counts what is left out', () => {
    const items = Array.from({ length: 3_000 }, (_, index) => changed(`okta/detection-${index}`, 'x\n'.repeat(100)));
    const text = renderPlanMarkdown({ ...empty, items });
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text).toMatch(/_\d+ parts of this plan are left out; `margay plan` shows them\._\n$/);
    expect(text).toContain('`okta/detection-99`');
  });

  it('is not closed, linked or addressed by what content says', () => {
    const evil = '</details><img src=x> @everyone [a](http://example.com) `b` | c\n# d';
    const added: PlanItem = { ...changed('okta/evil', ''), change: 'added', title: evil, fields: [] };
    const text = renderPlanMarkdown({ ...empty, items: [added, changed('okta/other', `${evil}\n\`\`\`\n${evil}`)] });
    const row = text.split('\n').find((line) => line.includes('`okta/evil`'));
    expect(row).toBe(
      '| `+` | detection | `okta/evil`<br>&lt;/details\\>&lt;img src=x\\> @\u200beveryone \\[a\\]\\(http://example.com\\) \\`b\\` \\| c\\\\n\\# d | new |  |',
    );
    expect(text).toContain('````diff\n');
  });
});

describe('a text of strangers', () => {
  it('is inline code with more backticks than it holds', () => {
    expect(inlineCode('a')).toBe('`a`');
    expect(inlineCode('`a``b')).toBe('``` `a``b ```');
  });

  it('is fenced by more backticks than it holds', () => {
    expect(fence('sql', '````\nx')).toBe('`````sql\n````\nx\n`````');
  });

  it('shows control characters and cannot reorder what is read', () => {
    expect(escapeMarkdown('a\u202eb\u001b[2J')).toBe('a\\\\u202eb\\\\x1b\\[2J');
  });
});
