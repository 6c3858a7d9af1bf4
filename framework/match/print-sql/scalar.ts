/** One value in SQL, of which NULL says that it is missing or null. Never an object or an array. */
export type Scalar =
  /** A text that was one in the event. */
  | { readonly kind: 'text'; readonly text: string }
  /** A JSON value that was a text, a number or a boolean: as text, and as JSON. */
  | { readonly kind: 'json'; readonly text: string; readonly json: string }
  | { readonly kind: 'bigint' | 'double' | 'boolean'; readonly value: string };

/** The text that patterns see. */
export function textOf(scalar: Scalar): string {
  switch (scalar.kind) {
    case 'text':
    case 'json':
      return scalar.text;
    case 'bigint':
    case 'boolean':
      return `CAST(${scalar.value} AS VARCHAR)`;
    case 'double':
      // As JSON writes it, which is as JavaScript does but for whole numbers.
      return `regexp_replace(CAST(to_json(${scalar.value}) AS VARCHAR), '\\.0$', '')`;
  }
}
