import { clipText, printableLine, printableText } from '../../printable-text.ts';

/**
 * A text from logs for Slack: `&<>` escaped, so that no mention or link can be made; `@channel` and the like, and the
 * schemes of addresses, are broken, so that no client makes them up.
 *
 * @source Slack, "Formatting text for app surfaces".
 */
export function slackText(value: unknown, maxLength: number): string {
  return clipEscaped(escapeSlack(breakLinks(printableLine(value, maxLength))), maxLength);
}

/** The same between backticks. */
export function slackCode(value: unknown, maxLength: number): string {
  const text = slackText(value, maxLength - 2).replaceAll('`', 'ˋ');
  return `\`${text === '' ? ' ' : text}\``;
}

/** A runbook or a reference, of several lines: words of the detection's author, so links work. Mentions do not. */
export function slackProse(text: string, maxLength: number): string {
  return clipEscaped(escapeSlack(breakMentions(printableText(clipText(text.trim(), maxLength)))), maxLength);
}

function breakMentions(text: string): string {
  return text.replaceAll(/@(?=channel|here|everyone)/gi, '@\u200b');
}

function breakLinks(text: string): string {
  return breakMentions(text)
    .replaceAll(/\bhttp(?=s?:)/gi, 'hxxp')
    .replaceAll(/\b(ftp|mailto|tel|slack|javascript):/gi, '$1\u200b:')
    .replaceAll(/\bwww\./gi, 'www\u200b.');
}

function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Clipped without tearing an escape. */
function clipEscaped(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : clipText(text, maxLength).replace(/&[a-z]{0,3}…$/, '…');
}
