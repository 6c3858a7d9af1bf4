const obeyed = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text for a terminal: control and text-direction characters are shown as escapes, because log records and
 * alert titles are written by strangers, and a terminal obeys what it prints. Line breaks and tabs stay.
 */
export function visibleText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(obeyed, escapeCharacter);
}

/** As {@link visibleText}, on one line. */
export function visibleLine(text: string): string {
  return visibleText(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
}

function escapeCharacter(character: string): string {
  if (character === '\n' || character === '\t') return character;
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
