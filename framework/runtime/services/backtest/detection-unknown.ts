import { MargayError } from '../../../model/margay-error.ts';
import { suggest } from '../../../model/suggest.ts';

/** The error of an id that a bundle does not have. */
export function detectionUnknown(id: string, known: readonly string[], holder: string): MargayError {
  return new MargayError('API_DETECTION_UNKNOWN', `${holder} has no detection '${id}'.`, {
    hint: suggest(id, known) ?? 'The id is the path below detections/, without the ending.',
  });
}
