import type { Condition, ValueTest } from '../../model/condition.ts';
import { compileTest, type ScalarTest, textOf } from './compile-test.ts';
import { foldCase } from './fold-case.ts';
import { literalOf } from './match-pattern.ts';
import { readValues } from './read-field.ts';

type FieldTest = { readonly kind: 'field'; readonly field: string; readonly test: ScalarTest };

/**
 * An `or` whose branches all test the same field, as one reading of that field: literal texts in one set,
 * the other tests in turn. `undefined` where the branches differ.
 */
export function compileAnyOf(
  branches: readonly Condition[],
): ((record: Readonly<Record<string, unknown>>) => boolean) | undefined {
  const [first] = branches;
  if (branches.length < 2 || first?.kind !== 'field' || !branches.every((branch) => isTestOf(branch, first.field)))
    return undefined;
  const tests = (branches as readonly FieldTest[]).map((branch) => branch.test);
  const literals = new Set(tests.flatMap((test) => literalText(test) ?? []));
  const others = tests.filter((test) => literalText(test) === undefined).map(compileTest);
  return readValues(first.field, (value) => {
    const text = literals.size > 0 ? textOf(value) : undefined;
    if (text !== undefined && (literals.has(text) || literals.has(foldCase(text)))) return true;
    return others.some((passes) => passes(value));
  });
}

function isTestOf(branch: Condition, field: string): boolean {
  return (
    branch.kind === 'field' && branch.field === field && branch.test.op !== 'exists' && branch.test.op !== 'fieldref'
  );
}

function literalText(test: ValueTest): string | undefined {
  return test.op === 'pattern' && !test.cased ? literalOf(test.parts, false) : undefined;
}
