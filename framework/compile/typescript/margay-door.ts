import { fileURLToPath } from 'node:url';

/** `.ts` when Margay runs from its sources, `.js` when built. */
const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** The file that content's `import … from 'margay'` means, for the bundler. */
export const doorFile = fileURLToPath(new URL(`../../index${ending}`, import.meta.url));

/** The file that it means for the type checker. */
export const doorTypesFile = ending === '.ts' ? doorFile : doorFile.replace(/\.js$/, '.d.ts');

/** The folder that holds the built (or source) files of the package. */
export const doorFolder = fileURLToPath(new URL('../../', import.meta.url));

/** The folder of the package, out of reach of content's relative imports. */
export const packageFolder = fileURLToPath(new URL(ending === '.ts' ? '../../' : '../../../', import.meta.url));
