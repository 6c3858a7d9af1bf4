import pico from 'picocolors';

/** Functions that colour a text. */
export type Colors = ReturnType<typeof pico.createColors>;

/** The options that every command has. */
export interface GlobalOptions {
  readonly json?: true;
  readonly quiet?: true;
  readonly color: boolean;
}

/** Where a command writes: data to stdout, everything else to stderr. */
export interface Terminal {
  readonly json: boolean;
  /** Whether stderr is a terminal that may show progress. */
  readonly interactive: boolean;
  /** Columns of stdout; 100 when it is no terminal. */
  readonly width: number;
  /** Colours for {@link print}. */
  readonly colors: Colors;
  /** Colours for {@link note} and {@link warn}. */
  readonly noteColors: Colors;
  /** Data, with a line break. */
  print(text: string): void;
  /** A value as JSON, indented by two blanks. */
  printJson(value: unknown): void;
  /** A message; nothing under `--quiet`. */
  note(text: string): void;
  /** A warning or an error. */
  warn(text: string): void;
}

/** The process's terminal under these options. */
export function openTerminal(options: GlobalOptions): Terminal {
  const { stdout, stderr } = process;
  return {
    json: options.json ?? false,
    interactive: stderr.isTTY === true && !options.quiet && !process.env.CI,
    width: stdout.isTTY ? stdout.columns : 100,
    colors: colorsFor(stdout, options.color),
    noteColors: colorsFor(stderr, options.color),
    print: (text) => void stdout.write(`${text}\n`),
    printJson: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    note: (text) => void (options.quiet || stderr.write(`${text}\n`)),
    warn: (text) => void stderr.write(`${text}\n`),
  };
}

function colorsFor(stream: NodeJS.WriteStream, wanted: boolean): Colors {
  const { NO_COLOR: refused, FORCE_COLOR: forced, TERM: term } = process.env;
  const enabled = wanted && !refused && (forced ? forced !== '0' : stream.isTTY === true && term !== 'dumb');
  return pico.createColors(enabled);
}
