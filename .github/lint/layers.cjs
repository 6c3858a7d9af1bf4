/**
 * Who may import whom, room by room. Imports point down; a room that is not in its list is out of reach.
 * Changing this table is a design decision: add a line to .github/DECISIONS.md.
 */
const runtimeRooms = [
  'log',
  'archive',
  'normalise',
  'detect',
  'lake',
  'schedule',
  'alert',
  'deliver',
  'access',
  'api',
].map((room) => `runtime/${room}`);
const foundation = ['model', 'match', 'sql', 'content'];

const mayImport = {
  model: [],
  match: ['model'],
  sql: ['model'],
  // The functions that content imports by the package's name: `detection`, `ip`, `glob`, …
  content: ['model', 'match'],
  // The public door, framework/index.ts.
  index: ['content', 'model'],
  compile: foundation,
  ...Object.fromEntries(runtimeRooms.map((room) => [room, foundation])),
  // The wiring: the files directly in runtime/ and in runtime/services/, start-runtime.ts first.
  runtime: [...foundation, ...runtimeRooms],
  testing: [...foundation, 'compile', 'runtime', ...runtimeRooms],
  'gitops/plan': foundation,
  'gitops/git': foundation,
  'gitops/github': foundation,
  'gitops/publish': [...foundation, 'compile', 'gitops/plan', 'gitops/github'],
  cli: [
    ...foundation,
    'compile',
    'testing',
    'runtime',
    ...runtimeRooms,
    'gitops/plan',
    'gitops/git',
    'gitops/github',
    'gitops/publish',
  ],
};

/** Each outside dependency has one home; where two rooms are named, both need the same grammar. */
const homes = {
  '@duckdb/node-api': ['sql', 'runtime/lake'],
  alasql: ['sql'],
  'sql-formatter': ['sql', 'compile'],
  yaml: ['compile'],
  jose: ['runtime/access'],
  zod: ['compile', 'runtime/access', 'runtime/api'],
  'ts-morph': ['compile'],
  typescript: ['compile'],
  esbuild: ['compile'],
  chokidar: ['cli'],
  croner: ['compile', 'runtime/schedule'],
  fastify: ['runtime/api'],
  vitest: ['testing'],
  commander: ['cli'],
  'cli-table3': ['cli'],
  picocolors: ['cli'],
  '@octokit/rest': ['gitops/github'],
  '@octokit/plugin-retry': ['gitops/github'],
  '@octokit/plugin-throttling': ['gitops/github'],
};

const filesOf = (room) => {
  if (room === 'index') return '^framework/index\\.ts$';
  if (room === 'runtime') return '^framework/runtime/([^/]+\\.ts$|services/)';
  return `^framework/${room}/`;
};
const anyOf = (rooms) => rooms.map(filesOf).join('|');
const escapeForRegExp = (text) => text.replaceAll(/[/.\\-]/g, '\\$&');

const roomRules = Object.entries(mayImport).map(([room, below]) => ({
  name: `imports-of-${room.replace('/', '-')}`,
  comment: `'${room}' may import: ${below.join(', ') || 'nothing'}.`,
  severity: 'error',
  from: { path: filesOf(room) },
  to: { path: '^framework/', pathNot: `${anyOf([room, ...below])}|/node_modules/` },
}));

const doorRules = Object.keys(mayImport)
  .filter((room) => !['model', 'index', 'runtime'].includes(room))
  .map((room) => ({
    name: `door-of-${room.replace('/', '-')}`,
    comment: `Enter '${room}' through its index.ts.`,
    severity: 'error',
    from: { path: '^framework/', pathNot: filesOf(room) },
    to: { path: filesOf(room), pathNot: `^framework/${room}/index\\.ts$` },
  }));

const homeRules = Object.entries(homes).map(([dependency, rooms]) => ({
  name: `home-of-${dependency.replace(/[@/]/g, '')}`,
  comment: `'${dependency}' is imported by ${rooms.join(' and ')} alone.`,
  severity: 'error',
  from: { path: '^framework/', pathNot: anyOf(rooms) },
  to: { path: `node_modules/${escapeForRegExp(dependency)}/` },
}));

module.exports = {
  forbidden: [
    ...roomRules,
    ...doorRules,
    ...homeRules,
    {
      name: 'room-unknown',
      comment: 'A file outside the rooms of the table above.',
      severity: 'error',
      from: { path: '^framework/.*\\.ts$', pathNot: `${anyOf(Object.keys(mayImport))}|^framework/dist/` },
      to: {},
    },
    {
      name: 'no-cycles',
      comment: 'No cycles, not even of types.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'content-imports-margay-only',
      comment: 'Detections import the package by name, and their own relative files.',
      severity: 'error',
      from: { path: '^detections/' },
      to: { pathNot: '^detections/|^framework/(dist/)?index\\.(ts|js|d\\.ts)$' },
    },
    {
      name: 'unresolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: require('node:path').join(__dirname, '../../framework/tsconfig.json') },
    doNotFollow: { path: 'node_modules|^framework/dist/' },
    exclude: { path: '^framework/dist/.*\\.d\\.ts$|/_template/|^framework/(bin/|templates/|build\\.js)' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
