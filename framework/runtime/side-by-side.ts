import type { Bundle } from '../model/bundle.ts';
import type { Detection } from '../model/detection.ts';
import type { Rollout } from '../model/rollout.ts';
import { ruleKey, stageOf } from '../model/stage.ts';
import type { StateEntry } from '../model/state.ts';
import { type BundleCatalog, catalogBundle } from './bundle-catalog.ts';
import type { BundleStore } from './bundle-store.ts';

/**
 * The bundle as it runs while new versions of detections are tried: those in the shadow, and in their places the
 * versions that alert meanwhile, each with its code of then. The bundle itself where nothing is tried.
 */
export async function sideBySide(
  catalog: BundleCatalog,
  rollouts: readonly StateEntry<Rollout>[],
  bundles: Pick<BundleStore, 'load'>,
): Promise<BundleCatalog> {
  const tried = new Map(rollouts.map(({ key, value }) => [key, value]));
  const before = new Map<string, Bundle>();
  const detections: Detection[] = [];
  const shadows: Detection[] = [];
  for (const detection of catalog.bundle.detections) {
    const rollout = tried.get(detection.firstId);
    if (!rollout) {
      detections.push(detection);
      continue;
    }
    const shadow: Detection = { ...detection, mode: 'shadow' };
    const { live } = rollout;
    if (live && !before.has(live.digest)) before.set(live.digest, (await bundles.load(live.digest)).bundle);
    const old = live && before.get(live.digest)?.detections.find(({ firstId }) => firstId === detection.firstId);
    // What alerts keeps its own words, and goes by the names that the detection has now.
    if (old && live)
      detections.push({ ...old, id: detection.id, aliases: detection.aliases, codeKey: `${live.digest} ${old.id}` });
    (old ? shadows : detections).push(shadow);
  }
  if (tried.size === 0) return catalog;
  const all = [...detections, ...shadows];
  const bundle: Bundle = { ...catalog.bundle, detections: all, code: joinCode(catalog.bundle.code, before, all) };
  return {
    ...catalogBundle(catalog.digest, bundle),
    isSideBySide: true,
    detections: new Map(detections.map((detection) => [detection.id, detection])),
    rules: new Map(all.map((detection) => [ruleKey(detection.id, stageOf(detection)), detection])),
  };
}

/** One script that gives the functions of both: those of today by id, those of then by their code key. */
function joinCode(code: string, before: ReadonlyMap<string, Bundle>, detections: readonly Detection[]): string {
  const withCode = [...before].filter(([, bundle]) => bundle.code !== '');
  if (withCode.length === 0) return code;
  const parts = withCode.map(([digest, bundle], index) => {
    const keys = detections.flatMap(({ codeKey }) => (codeKey?.startsWith(`${digest} `) ? [codeKey] : []));
    const members = keys.map(
      (key) => `[${JSON.stringify(key)}]: then${index}[${JSON.stringify(key.slice(digest.length + 1))}]`,
    );
    return { constant: `const then${index} = ${expressionOf(bundle.code)};`, members };
  });
  const members = parts.flatMap((part) => part.members);
  return [
    '"use strict";',
    '(() => {',
    ...parts.map(({ constant }) => constant),
    `return { ...${code === '' ? '{}' : expressionOf(code)}, ${members.join(', ')} };`,
    '})();\n',
  ].join('\n');
}

/** The compiler's script is one expression, called at once. */
function expressionOf(code: string): string {
  return `(${code.slice(code.indexOf('(() =>')).trimEnd().replace(/;$/, '')})`;
}
