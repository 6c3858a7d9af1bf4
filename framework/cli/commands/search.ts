import { type Command, Option } from 'commander';
import { indicatorFields } from '../../model/indicators.ts';
import { MargayError } from '../../model/margay-error.ts';
import type { SearchedType, SearchResult } from '../../model/search.ts';
import { addConnectionOptions, type ConnectionOptions, openClient } from '../connection-options.ts';
import { type CommandInput, defineCommand } from '../define-command.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { parseCount } from '../parse-count.ts';
import { parseMomentText } from '../parse-time.ts';
import { describeCost } from '../reporters/describe-cost.ts';
import { plural } from '../reporters/problems.ts';

interface SearchOptions extends ConnectionOptions {
  readonly indicator: string;
  readonly type?: SearchedType;
  readonly since: string;
  readonly until?: string;
  readonly logType?: readonly string[];
  readonly limit: number;
}

/** `margay search`: where an indicator is mentioned. `--json` prints a `SearchResult`. */
export function searchCommand(): Command {
  const types = [...Object.keys(indicatorFields), 'hash'];
  const command = defineCommand<SearchOptions>({
    name: 'search',
    summary: 'Find what mentions an address, a user, a domain, a hash.',
    description:
      'Finds the events of all log types, and the matches of detections, that mention an indicator: that\nhave it in their p_any_ columns. An IP address is looked for as that only, any other value as\neverything that it has the form of. Addresses, domains, e-mail addresses and hashes are found in\nwhatever case they are given; user names and identifiers as they are written.',
    examples: [
      ['margay search --indicator 198.51.100.7 --since 24h', 'an address, in the last day'],
      ['margay search --indicator 198.51.100.0/24 --since 7d --limit 200', 'a network, in the last week'],
      ['margay search --indicator bart --type username --log-type Okta.SystemLog --json', 'one kind, in one log type'],
    ],
    run: search,
  })
    .requiredOption('--indicator <value>', 'What to look for; of addresses also a network.')
    .addOption(new Option('--type <type>', 'What it is. (default: what it looks like)').choices(types))
    .addOption(
      new Option('--since <time>', 'From this event time on: a duration before now, or ISO 8601.')
        .argParser(parseMomentText)
        .default('24h'),
    )
    .addOption(new Option('--until <time>', 'Before this event time. (default: no end)').argParser(parseMomentText))
    .option('--log-type <name...>', 'Only in these log types.')
    .addOption(
      new Option('--limit <n>', 'Show at most this many events, and as many matches.')
        .argParser(parseCount)
        .default(50),
    );
  return addConnectionOptions(command);
}

async function search({ options, terminal }: CommandInput<SearchOptions>): Promise<ExitCode> {
  const { indicator, type, since, until, logType: logTypes, limit } = options;
  if (indicator.trim() === '') {
    throw new MargayError('CLI_ARGUMENTS_INVALID', '--indicator is empty.', {
      hint: 'margay search --indicator 198.51.100.7 --since 24h',
    });
  }
  if (limit > 1_000) throw new MargayError('CLI_ARGUMENTS_INVALID', '--limit is at most 1000.');
  const result = await openClient(options, terminal).search({ indicator, type, since, until, logTypes, limit });
  if (terminal.json) terminal.printJson(result);
  else {
    const { renderSearch } = await import('../reporters/search-result.ts');
    terminal.print(renderSearch(result, terminal.colors));
    terminal.note(`(${describeFound(result)}, ${describeCost(result.cost)})`);
  }
  if (result.truncated) {
    const shown = `${plural(result.events.length, 'event')} and ${plural(result.matches.length, 'match', 'matches')}`;
    terminal.warn(terminal.noteColors.yellow(`truncated: only the newest ${shown} are shown; see --limit.`));
  }
  return exitCodes.fine;
}

function describeFound({ logTypes, matchCount }: SearchResult): string {
  const eventCount = logTypes.reduce((sum, logType) => sum + logType.eventCount, 0);
  return `${plural(eventCount, 'event')}, ${plural(matchCount, 'match', 'matches')}`;
}
