import type { RegexNode } from './regex-node.ts';

/** How much a backtracking engine can have to try. */
export interface BacktrackingCost {
  /** Ways through the expression, not counting unbounded repeats. `Infinity` when only a linear engine is safe. */
  readonly ways: number;
  /** Places whose length only the text bounds: unbounded repeats, and the start when it is not anchored. */
  readonly loops: number;
  /** Characters that one way reads, at most, besides its loops. */
  readonly length: number;
}

/** The worst case of a backtracking engine: about `ways × text length ^ loops × length` steps. */
export function backtrackingCost(node: RegexNode, flags: string): BacktrackingCost {
  const cost = costOf(node);
  const isAnchored = !flags.includes('m') && firstOf(node)?.kind === 'assert' && isStart(firstOf(node));
  return isAnchored ? cost : { ...cost, loops: cost.loops + 1 };
}

function costOf(node: RegexNode): BacktrackingCost {
  switch (node.kind) {
    case 'set':
      return { ways: 1, loops: 0, length: 1 };
    case 'assert':
      return { ways: 1, loops: 0, length: 0 };
    case 'sequence': {
      const costs = node.of.map(costOf);
      return {
        ways: costs.reduce((product, cost) => product * cost.ways, 1),
        loops: costs.reduce((sum, cost) => sum + cost.loops, 0),
        length: costs.reduce((sum, cost) => sum + cost.length, 0),
      };
    }
    case 'choice': {
      const costs = node.of.map(costOf);
      return {
        ways: costs.reduce((sum, cost) => sum + cost.ways, 0),
        loops: Math.max(...costs.map((cost) => cost.loops)),
        length: Math.max(...costs.map((cost) => cost.length)),
      };
    }
    case 'repeat':
      return costOfRepeat(costOf(node.of), node.min, node.max, node.of.kind === 'set');
  }
}

function costOfRepeat(inner: BacktrackingCost, min: number, max: number, isSet: boolean): BacktrackingCost {
  if (max === Number.POSITIVE_INFINITY) {
    // A loop over more than one character, or around another loop, can split a text in exponentially many ways.
    return isSet ? { ways: 1, loops: 1, length: min } : { ways: Number.POSITIVE_INFINITY, loops: 1, length: min };
  }
  let ways = 0;
  for (let count = min; count <= max && ways < 1e9; count++) ways += inner.ways ** count;
  return { ways, loops: inner.loops * max, length: inner.length * max };
}

function firstOf(node: RegexNode): RegexNode | undefined {
  return node.kind === 'sequence' ? node.of[0] : node;
}

function isStart(node: RegexNode | undefined): boolean {
  return node?.kind === 'assert' && node.what === 'start';
}
