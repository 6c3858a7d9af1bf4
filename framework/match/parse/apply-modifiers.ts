import { nearest } from '../../model/suggest.ts';
import { type ItemDraft, type Modifier, refuseCombination } from '../modifiers/modifier.ts';
import { modifiers, unsupportedModifiers } from '../modifiers/modifier-table.ts';

/** The item after its modifiers, from left to right. `offset` is where the first name stands in the key. */
export function applyModifiers(draft: ItemDraft, names: readonly string[], offset: number): ItemDraft {
  let result = draft;
  let at = offset;
  for (const name of names) {
    const modifier = findModifier(result, name, at);
    if (modifier && isAllowed(result, modifier)) {
      result = { ...modifier.apply(result), applied: [...result.applied, name] };
    }
    at += name.length + 1;
  }
  return result;
}

function findModifier(draft: ItemDraft, name: string, offset: number): Modifier | undefined {
  const modifier = modifiers.get(name);
  if (modifier) return modifier;
  if (unsupportedModifiers.has(name)) {
    draft.place.report('MATCH_MODIFIER_UNSUPPORTED', `The modifier '${name}' is not supported yet.`, {
      hint: `Supported: ${listModifiers()}.`,
      about: 'key',
      offset,
    });
    return undefined;
  }
  const candidates = [...modifiers.keys(), 'any', ...unsupportedModifiers].filter((known) => known.length > 1);
  const near = name === '' ? undefined : nearest(name, candidates);
  draft.place.report(
    'MATCH_MODIFIER_UNKNOWN',
    name === '' ? 'A modifier is missing behind |.' : `There is no modifier '${name}'.`,
    {
      hint: near === undefined ? `Write one of ${listModifiers()}.` : `Did you mean '${near}'?`,
      about: 'key',
      offset,
    },
  );
  return undefined;
}

function isAllowed(draft: ItemDraft, modifier: Modifier): boolean {
  const before = draft.applied.filter((name) => name !== 'all');
  if (before.includes(modifier.name)) {
    refuseCombination(draft, modifier.name, 'it is there twice', 'Leave one away.');
    return false;
  }
  const { follows } = modifier;
  if (follows === undefined) return isOpen(draft, before, modifier);
  if (follows.length > 0 && before[0] !== 're') {
    draft.place.report('MATCH_MODIFIER_COMBINATION', `'${modifier.name}' is a flag of a regular expression.`, {
      hint: `Write '|re|${modifier.name}'.`,
      about: 'key',
    });
    return false;
  }
  if (before.every((name) => follows.includes(name))) return true;
  refuseCombination(draft, modifier.name, 'it reads the value as it is written', `Write '|${modifier.name}' first.`);
  return false;
}

/** Whether the modifiers before leave something to modify. */
function isOpen(draft: ItemDraft, before: readonly string[], modifier: Modifier): boolean {
  const closed = before.find((name) => ['cidr', 'exists', 'gt', 'gte', 'lt', 'lte'].includes(name));
  if (closed === undefined || modifier.name === 'all') return true;
  refuseCombination(draft, modifier.name, `'${closed}' takes no more modifiers`, `Leave '|${modifier.name}' away.`);
  return false;
}

function listModifiers(): string {
  return ['any', ...modifiers.keys()]
    .filter((name) => name.length > 1)
    .sort()
    .join(', ');
}
