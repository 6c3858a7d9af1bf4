import { visibleLine, visibleText } from '../visible-text.ts';

/** A text of strangers inside Markdown: no markup, no HTML, no table cell, no mention, one line. */
export function escapeMarkdown(text: string): string {
  return visibleLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]()#+!|~>]/g, '\\$&')
    .replaceAll('@', '@\u200b');
}

/** A text as inline code, whatever backticks it holds; a bar is written as a table needs it, the same everywhere. */
export function inlineCode(text: string): string {
  const line = visibleLine(text).replaceAll('|', '\\|');
  const ticks = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** A block of code, fenced by more backticks than it holds. */
export function fence(language: string, text: string): string {
  const shown = visibleText(text);
  const ticks = '`'.repeat(Math.max(3, longestRun(shown) + 1));
  return `${ticks}${language}\n${shown}\n${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
