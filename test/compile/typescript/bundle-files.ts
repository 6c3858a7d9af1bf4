import { bundleCode } from '../../../framework/compile/typescript/index.ts';
import { contentFolder } from './content-folder.ts';

/** A detection with one function. */
export const simple = (id: string, body = "rule: (event) => event.x === 'a'"): string =>
  `import { detection } from 'margay';\n\nexport default detection<'${id}'>({ ${body} });\n`;

/** The detections among files. */
export const entriesOf = (files: Readonly<Record<string, string>>) =>
  Object.keys(files)
    .filter((file) => !/\/_|json$/.test(file))
    .map((file) => ({ id: file.replace('detections/', '').replace('.ts', ''), file }));

/** Bundles the detections of a folder with these files. */
export const bundle = (files: Readonly<Record<string, string>>) =>
  bundleCode({ root: contentFolder(files), entries: entriesOf(files) });
