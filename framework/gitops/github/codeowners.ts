import type { Problem, Where } from '../../model/margay-error.ts';
import { replaceSection, sectionOf } from './managed-section.ts';

/** An item of the content, and who answers for it. */
export interface OwnedItem {
  readonly owners: readonly string[];
  /** In its YAML file. */
  readonly where: Where;
}

/** What CODEOWNERS is to hold. */
export interface DraftedCodeowners {
  /** The whole file: our section, and what a team wrote around it. */
  readonly text: string;
  /** What our section gains and loses, a line each: `+ …`, `- …`. */
  readonly lines: readonly string[];
  /** Owners that GitHub cannot ask for a review. */
  readonly problems: readonly Problem[];
}

const marks = { begin: '# margay: owners of the content', end: '# margay: end' };

/** A person, whose name has a '_' where a company manages the accounts; a team; an address. */
const ownerPattern = /^(@[a-z\d][a-z\d_-]{0,38}(\/[a-z\d][\w.-]{0,99})?|[^\s@#]+@[^\s@#]+\.[^\s@#]+)$/i;

/**
 * CODEOWNERS with a line for each item that has owners, which covers its TypeScript as well. GitHub takes the last line
 * that fits a file: a new section comes last, and one that was moved stays where it is.
 *
 * @param text - The file as it is; `''` when there is none.
 * @param prefix - The folder of the content in its repository, with a slash at its end; `''` for the root.
 */
export function draftCodeowners(text: string, items: readonly OwnedItem[], prefix: string): DraftedCodeowners {
  const owned = items.flatMap(({ owners, where }) => {
    const known = [...new Set(owners)].filter((owner) => ownerPattern.test(owner));
    const pattern = `/${prefix}${where.file}`.replaceAll(' ', '\\ ').replace(/\.ya?ml$/i, '.*');
    return known.length > 0 ? [`${pattern} ${known.join(' ')}`] : [];
  });
  const section = owned.toSorted();
  const before = sectionOf(text, marks);
  const lines = [
    ...before.filter((line) => !section.includes(line)).map((line) => `- ${line}`),
    ...section.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
  return { text: replaceSection(text, marks, section.join('\n')), lines, problems: findStrangers(items) };
}

/** One for each owner, at the first item that has it: a team that is misspelt owns many. */
function findStrangers(items: readonly OwnedItem[]): readonly Problem[] {
  const named = new Map<string, Where[]>();
  for (const { owners, where } of items)
    for (const owner of new Set(owners)) named.set(owner, [...(named.get(owner) ?? []), where]);
  return [...named].flatMap(([owner, places]): readonly Problem[] => {
    if (ownerPattern.test(owner)) return [];
    const others = places.length > 1 ? ` here and in ${places.length - 1} more` : '';
    return [
      {
        code: 'GITHUB_OWNER_INVALID',
        message: `The owner '${owner}'${others} is no name at GitHub, so it gets no line in CODEOWNERS.`,
        where: places[0],
        hint: "Write '@name', '@organisation/team' or an e-mail address.",
        severity: 'finding',
      },
    ];
  });
}
