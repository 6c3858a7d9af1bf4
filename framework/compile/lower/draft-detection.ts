import type { DetectionFunction, DetectionSource } from '../../model/detection.ts';
import type { Loaded } from '../content/load-content.ts';
import type { ContentIndex } from '../content-index.ts';
import type { DetectionContent } from '../schema/detection-schema.ts';
import { resolveSource } from './resolve-source.ts';

/** What the TypeScript beside a detection gives. */
export interface DetectionCode {
  readonly functions: readonly DetectionFunction[];
  readonly digest: string;
  readonly reads?: readonly string[] | undefined;
}

/** A detection whose source is known, before its fields are checked. */
export interface DetectionDraft extends Loaded<DetectionContent> {
  /** `undefined` when it could not be told; the problem is reported. */
  readonly source: DetectionSource | undefined;
  /** `undefined` when there is no TypeScript; `'broken'` when it could not be read, so that nothing more is said of it. */
  readonly code: DetectionCode | 'broken' | undefined;
}

/** Resolves what a detection reads. */
export function draftDetection(
  file: Loaded<DetectionContent>,
  code: DetectionDraft['code'],
  index: Pick<ContentIndex, 'logTypes' | 'brokenLogTypes' | 'queryIds'>,
): DetectionDraft {
  return { ...file, code, source: resolveSource(file.data, file.report, index) };
}

/** Whether the detection's TypeScript defines a function. Broken TypeScript might define any. */
export function mayDefine(draft: DetectionDraft, name: DetectionFunction): boolean {
  return draft.code === 'broken' || (draft.code?.functions.includes(name) ?? false);
}
