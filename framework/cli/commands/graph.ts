import type { Command } from 'commander';
import { affectedBy, type LineageGraph, type LineageNode, lineageAround } from '../../model/lineage.ts';
import { MargayError } from '../../model/margay-error.ts';
import { suggest } from '../../model/suggest.ts';
import { compileForRuntime } from '../compile-for-runtime.ts';
import { type ContentOptions, contentRoot, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { visibleLine } from '../visible-text.ts';

interface GraphOptions extends ContentOptions {
  readonly mermaid?: true;
  readonly affected?: true;
}

/** What `margay graph --json` prints. */
export interface GraphReport extends LineageGraph {
  /** The keys of the nodes that were asked for; `[]` when all of them are shown. */
  readonly asked: readonly string[];
  /** The keys of everything downstream of them. */
  readonly affected: readonly string[];
}

/** `margay graph`: what flows from where to where. */
export function graphCommand(): Command {
  return defineCommand<GraphOptions>({
    name: 'graph',
    summary: 'Show what flows from log types to destinations, column by column.',
    description:
      'Shows the lineage of the content: log types, detections, scheduled queries, destinations. With an id or name, only what is up- and downstream of it, with the fields that pass. A detection and a query of the same id are told apart as detection:ID and query:ID.',
    examples: [
      ['margay graph', 'everything, as a tree'],
      ['margay graph okta/mfa-bypass-repeated', 'one detection, with the fields behind it'],
      ['margay graph --affected Okta.SystemLog', 'everything that a change of a log type can reach'],
      ['margay graph --mermaid', 'a diagram for Markdown on GitHub'],
    ],
    run: graph,
  })
    .argument('[ids...]', 'Show only what is up- and downstream of these.')
    .addOption(rootOption())
    .option('--mermaid', 'Print a Mermaid diagram, fenced for Markdown.')
    .option('--affected', 'List what is downstream of the ids.');
}

async function graph({ args, options, terminal }: CommandInput<GraphOptions>): Promise<ExitCode> {
  const root = contentRoot(options);
  if (options.mermaid && terminal.json) {
    throw new MargayError('CLI_ARGUMENTS_INVALID', 'Choose one of --mermaid and --json.');
  }
  if (options.affected && args.length === 0) {
    throw new MargayError('CLI_ARGUMENTS_INVALID', "'--affected' needs the id of what is changed.", {
      hint: 'margay graph --affected okta/mfa-bypass-group-member-added',
    });
  }
  const compiled = await compileForRuntime(root, terminal, 'what does not compile has no lineage', { types: false });
  if (!compiled) return exitCodes.contentWrong;
  const { buildLineage } = await import('../../compile/index.ts');
  const whole = await buildLineage(compiled.bundle);
  const asked = args.flatMap((name) => keysNamed(whole.nodes, name));
  const affected = affectedBy(whole, asked);
  const shown = asked.length === 0 ? whole : lineageAround(whole, asked);
  if (terminal.json) terminal.printJson({ asked, affected, ...shown } satisfies GraphReport);
  else if (options.affected) {
    const nodes = whole.nodes.filter(({ key }) => affected.includes(key));
    for (const { kind, name } of nodes) terminal.print(`${kind.padEnd(12)}${visibleLine(name)}`);
    if (nodes.length === 0) terminal.note('nothing');
  } else if (options.mermaid) {
    const { renderLineageMermaid } = await import('../reporters/lineage-mermaid.ts');
    terminal.print(renderLineageMermaid(shown));
  } else {
    const { renderLineageTree } = await import('../reporters/lineage-tree.ts');
    terminal.print(renderLineageTree(shown, { fields: asked.length > 0, colors: terminal.colors }));
  }
  return exitCodes.fine;
}

/** The nodes that an id, a name, or a key stands for. */
function keysNamed(nodes: readonly LineageNode[], name: string): readonly string[] {
  const keys = nodes.filter((node) => node.name === name || node.key === name).map(({ key }) => key);
  if (keys.length > 0) return keys;
  throw new MargayError('CLI_ARGUMENTS_INVALID', `Nothing in the content has the id or name '${name}'.`, {
    hint: suggest(name, [...new Set(nodes.map((node) => node.name))]),
  });
}
