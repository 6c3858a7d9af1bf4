/** What stands before and after the part of a text that is ours; each fills lines of its own. */
export interface SectionMarks {
  readonly begin: string;
  readonly end: string;
}

/**
 * A text with its managed section replaced where it stands, or added at the end. The rest is a person's, and stays.
 *
 * @param section - Without its marks; `''` takes the section out.
 */
export function replaceSection(text: string, { begin, end }: SectionMarks, section: string): string {
  const marked = section === '' ? '' : `${begin}\n${section.trimEnd()}\n${end}`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0)
    return marked === '' ? text : text.trim() === '' ? `${marked}\n` : `${text.trimEnd()}\n\n${marked}\n`;
  return text.slice(0, from) + marked + text.slice(to + end.length);
}

/** The lines of the managed section; none when it is not there. */
export function sectionOf(text: string, { begin, end }: SectionMarks): readonly string[] {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) return [];
  const inside = text.slice(from + begin.length, to).split(/\r?\n/);
  return inside.filter((line) => line !== '');
}
