import { parseCidr, parseIp } from '../../../model/cidr.ts';
import { type IndicatorKind, indicatorFields } from '../../../model/indicators.ts';
import { MargayError } from '../../../model/margay-error.ts';
import type { Mention, SearchedType } from '../../../model/search.ts';
import { indicatorForm } from '../../normalise/index.ts';

/** What is looked for: values by kind, or the addresses of a network. */
export type Searched = { readonly values: readonly Mention[] } | { readonly network: string };

const allKinds = Object.keys(indicatorFields) as readonly IndicatorKind[];
const hashKinds: readonly IndicatorKind[] = ['md5', 'sha1', 'sha256'];

/**
 * What an indicator is: an address is only that, and any other value is of every kind whose form it has, each in the
 * form in which events hold it.
 *
 * @throws API_INDICATOR_INVALID when it is not of the type that was asked for, or of none.
 */
export function searchedKinds(indicator: string, type: SearchedType | undefined): Searched {
  const text = indicator.trim();
  if (isNetwork(text) && (type === undefined || type === 'ip')) return { network: networkOf(text) };
  const values = kindsToTry(text, type).flatMap((kind): Mention[] => {
    const value = indicatorForm(kind, text);
    return value === undefined ? [] : [{ kind, value }];
  });
  if (values.length === 0) throw invalidIndicator(text, type);
  return { values };
}

function kindsToTry(text: string, type: SearchedType | undefined): readonly IndicatorKind[] {
  if (type === 'hash') return hashKinds;
  if (type !== undefined) return [type];
  return parseIp(text) ? ['ip'] : allKinds;
}

function isNetwork(text: string): boolean {
  return text.includes('/') && parseIp(text.split('/')[0] as string) !== undefined;
}

function networkOf(text: string): string {
  try {
    parseCidr(text);
    return text;
  } catch (cause) {
    if (!(cause instanceof MargayError)) throw cause;
    throw new MargayError('API_INDICATOR_INVALID', cause.message, { hint: cause.hint, cause });
  }
}

function invalidIndicator(text: string, type: SearchedType | undefined): MargayError {
  const shown = `'${text.slice(0, 100)}'`;
  if (type === undefined) {
    return new MargayError('API_INDICATOR_INVALID', `${shown} is no indicator: it is empty or too long.`, {
      hint: 'Give an address, a network, a domain, an e-mail address, a user name, a hash or another identifier.',
    });
  }
  return new MargayError('API_INDICATOR_INVALID', `${shown} has not the form of the type '${type}'.`, {
    hint: 'Leave the type away, and it is looked for as whatever it has the form of.',
  });
}
