import { comparison } from './comparison.ts';
import { fieldReference } from './field-reference.ts';
import { letterCase } from './letter-case.ts';
import { linking } from './linking.ts';
import type { Modifier } from './modifier.ts';
import { network } from './network.ts';
import { presence } from './presence.ts';
import { regularExpression } from './regular-expression.ts';
import { textPosition } from './text-position.ts';

/** The modifiers by name. A family of modifiers is a file; this is where it joins. */
export const modifiers: ReadonlyMap<string, Modifier> = new Map(
  [comparison, fieldReference, letterCase, linking, network, presence, regularExpression, textPosition]
    .flat()
    .map((modifier) => [modifier.name, modifier]),
);

/** Sigma's modifiers that are known and not supported. */
export const unsupportedModifiers: ReadonlySet<string> = new Set([
  'base64',
  'base64offset',
  'wide',
  'utf16',
  'utf16le',
  'utf16be',
  'windash',
  'neq',
  'expand',
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'year',
]);
