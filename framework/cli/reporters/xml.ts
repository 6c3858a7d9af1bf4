/** Attributes of an XML element, with a blank before each; those that are undefined are left out. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  const defined = Object.entries(values).filter(([, value]) => value !== undefined);
  return defined.map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** A text inside XML, which has no way to write most control characters: they become `\u001b`. */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => entities[character] as string)
    .replaceAll(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
      /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}
