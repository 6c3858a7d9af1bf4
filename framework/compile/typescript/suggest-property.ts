import { ts } from 'ts-morph';
import { suggest } from '../../model/suggest.ts';

/** TypeScript's "Property 'x' does not exist on type …", to which it adds no near name where names are short. */
const noSuchProperty = 2339;

/** What a property that does not exist was perhaps meant to be: the nearest, else those that there are. */
export function suggestProperty(
  source: ts.SourceFile,
  { code, start = 0 }: Pick<ts.Diagnostic, 'code' | 'start'>,
  checker: ts.TypeChecker,
): string | undefined {
  const access = code === noSuchProperty ? accessAt(source, start) : undefined;
  if (!access) return undefined;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(access.expression));
  // Methods of texts, lists and numbers help nobody who looks for a column.
  const scalars = ts.TypeFlags.StringLike | ts.TypeFlags.NumberLike | ts.TypeFlags.BooleanLike;
  const isOwn = !(type.flags & scalars) && !checker.isArrayType(type);
  return isOwn
    ? suggest(
        access.name.text,
        type.getProperties().map(({ name }) => name),
      )
    : undefined;
}

function accessAt(node: ts.Node, start: number): ts.PropertyAccessExpression | undefined {
  if (ts.isPropertyAccessExpression(node) && node.name.getStart() === start) return node;
  return ts.forEachChild(node, (child) =>
    child.pos <= start && start < child.end ? accessAt(child, start) : undefined,
  );
}
