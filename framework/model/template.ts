import { MargayError } from './margay-error.ts';
import { getPath, parsePath } from './path.ts';

/** A parsed template: literal text and field paths in turn. */
export type Template = readonly (string | { readonly path: string })[];

/**
 * Parses `'{actor.alternateId} signed in'`. `{{` and `}}` stand for single braces.
 *
 * @throws MODEL_TEMPLATE_INVALID for an unclosed or empty placeholder.
 * @throws MODEL_PATH_INVALID for a placeholder that is not a field path.
 */
export function parseTemplate(text: string): Template {
  const parts: (string | { path: string })[] = [];
  let literal = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if ((char === '{' || char === '}') && text[i + 1] === char) {
      literal += char;
      i++;
    } else if (char === '{') {
      const close = text.indexOf('}', i);
      const path = close < 0 ? '' : text.slice(i + 1, close).trim();
      if (path === '') {
        throw new MargayError(
          'MODEL_TEMPLATE_INVALID',
          `'${text}' has ${close < 0 ? 'an unclosed' : 'an empty'} placeholder.`,
          {
            hint: "Write '{actor.alternateId}', or '{{' for a brace.",
          },
        );
      }
      parsePath(path);
      if (literal) parts.push(literal);
      literal = '';
      parts.push({ path });
      i = close;
    } else {
      literal += char;
    }
  }
  if (literal) parts.push(literal);
  return parts;
}

/** The template's text for one event. A missing value reads `<field>`, so that the gap is visible. */
export function renderTemplate(template: Template, record: unknown): string {
  return template
    .map((part) => (typeof part === 'string' ? part : renderValue(getPath(record, part.path), part.path)))
    .join('');
}

/** The paths a template reads, in order. */
export function templatePaths(template: Template): readonly string[] {
  return template.flatMap((part) => (typeof part === 'string' ? [] : [part.path]));
}

function renderValue(value: unknown, path: string): string {
  if (value === undefined || value === null) return `<${path}>`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
