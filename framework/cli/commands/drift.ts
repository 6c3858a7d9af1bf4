import type { Command } from 'commander';
import { compileForRuntime } from '../compile-for-runtime.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type ContentOptions, contentRoot, rootOption } from '../content-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';

type DriftOptions = ContentOptions & ConnectionOptions;

/** `margay drift`: where the repository and what is live differ. `--json` prints a `DriftReport`. */
export function driftCommand(): Command {
  const command = defineCommand<DriftOptions>({
    name: 'drift',
    summary: 'Show where what is live differs from the repository.',
    description:
      'Compiles the content as it is checked out and lists the items that differ from what a runtime runs: after a rollback, a publish from elsewhere, or a merge that was not published. Exits with 1 when some do.',
    examples: [
      ['margay drift', 'of the runtime on this machine'],
      ['margay drift --url https://margay.example.com --json', 'of another one, for a nightly job on the main branch'],
    ],
    run: showDrift,
  }).addOption(rootOption());
  return addConnectionOptions(command);
}

async function showDrift({ options, terminal }: CommandInput<DriftOptions>): Promise<ExitCode> {
  const client = openClient(options, terminal);
  const compiled = await compileForRuntime(contentRoot(options), terminal, 'nothing was compared', { types: false });
  if (!compiled) return exitCodes.contentWrong;
  const [{ readLive }, { diffBundles }, { renderDrift }] = await Promise.all([
    import('../plan/read-base.ts'),
    import('../../gitops/plan/index.ts'),
    import('../reporters/drift-text.ts'),
  ]);
  const live = await readLive(client);
  const { items } = diffBundles(live.bundle, compiled.bundle);
  const report = { live: live.base, bundle: { digest: compiled.envelope.digest }, items } as const;
  if (terminal.json) terminal.printJson(report);
  else terminal.print(renderDrift(report, terminal.colors));
  return items.length > 0 ? exitCodes.findings : exitCodes.fine;
}
