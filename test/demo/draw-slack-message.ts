import { stripVTControlCharacters, styleText } from 'node:util';
import type { SlackBlock, SlackMessage } from './slack-receiver.ts';

const width = 76;

/** The message as Slack would show it, drawn with text. */
export function drawSlackMessage(message: SlackMessage): string {
  const lines = (message.blocks ?? []).flatMap((block) => [...drawBlock(block), '']);
  if (lines.length === 0) lines.push(...wrap(plainText(message.text ?? '')));
  while (lines.at(-1) === '') lines.pop();
  const bar = styleText('red', '┃');
  const framed = lines.map((line) => `  ${bar} ${line}`);
  return [`  ${styleText('bold', 'Margay')} ${styleText('dim', 'APP  now')}`, ...framed].join('\n');
}

function drawBlock(block: SlackBlock): readonly string[] {
  switch (block.type) {
    case 'header':
      return wrap(plainText(block.text?.text ?? '')).map((line) => styleText('bold', line));
    case 'section':
      return [...(block.text ? wrap(plainText(block.text.text)) : []), ...drawFields(block.fields ?? [])];
    case 'context':
      return (block.elements ?? []).flatMap((element) => {
        const text = typeof element.text === 'string' ? element.text : (element.text?.text ?? '');
        return wrap(plainText(text)).map((line) => styleText('dim', line));
      });
    case 'divider':
      return [styleText('dim', '─'.repeat(width))];
    default:
      return [];
  }
}

/** Fields stand in two columns, as Slack lays them out: the label above its value. */
function drawFields(fields: readonly { readonly text: string }[]): readonly string[] {
  const lines: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const columns = fields.slice(i, i + 2).map((field) => plainText(field.text).split('\n'));
    const height = Math.max(...columns.map((column) => column.length));
    for (let row = 0; row < height; row++) {
      const cells = columns.map((column) => pad((column[row] ?? '').slice(0, width / 2 - 2), width / 2));
      const line = cells.join('').trimEnd();
      lines.push(row === 0 ? styleText('bold', line) : line);
    }
  }
  return lines;
}

/** Slack's markup without its marks: bold stars, code ticks, escaped characters. */
function plainText(text: string): string {
  return text
    .replaceAll(/\*([^*\n]+)\*/g, '$1')
    .replaceAll(/`([^`\n]+)`/g, '$1')
    .replaceAll('```', '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function wrap(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const rows: string[] = [];
    let row = '';
    for (const word of line.split(' ')) {
      if (row !== '' && row.length + 1 + word.length > width) {
        rows.push(row);
        row = '';
      }
      row = row === '' ? word : `${row} ${word}`;
    }
    return [...rows, row];
  });
}

function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stripVTControlCharacters(text).length));
}
