/** Parts of a secret address that are shorter give nothing away, and replacing them would garble texts. */
const minPartLength = 6;

/**
 * A text without the secrets in it, each replaced by the name of its variable: as they are, percent-encoded, in JSON,
 * and of an address also its path and the parts of that.
 */
export function scrubSecrets(text: string, secrets: ReadonlyMap<string, string>): string {
  let scrubbed = text;
  for (const [name, secret] of secrets) {
    for (const form of secretForms(secret)) scrubbed = scrubbed.replaceAll(form, `[${name}]`);
  }
  return scrubbed;
}

function secretForms(secret: string): readonly string[] {
  const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...addressParts(secret)];
  // Longest first, or a part would be replaced inside the whole and leave the rest.
  return [...new Set(forms)].filter((form) => form.length > 0).sort((a, b) => b.length - a.length);
}

function addressParts(secret: string): readonly string[] {
  if (!URL.canParse(secret)) return [];
  const { href, pathname, search, username, password } = new URL(secret);
  const parts = [pathname + search, pathname, search, username, password, ...pathname.split('/')];
  return [href, ...parts.filter((part) => part.length >= minPartLength)];
}
