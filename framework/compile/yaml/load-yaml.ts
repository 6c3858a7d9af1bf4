import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
} from 'yaml';
import type { ErrorCode } from '../../model/error-codes.ts';
import type { Problem, Where } from '../../model/margay-error.ts';
import type { ContentCache, Made } from '../cache/content-cache.ts';
import { findTooDeep, maxDepth } from './find-too-deep.ts';
import { scalarOffset } from './scalar-offset.ts';

/** Steps from the top of a YAML file to a value. */
export type YamlPath = readonly (string | number)[];

/** A YAML file, read: its value, and where each part of it stands. */
export interface YamlFile {
  /** Relative to the content root. */
  readonly file: string;
  readonly text: string;
  /** `undefined` when the file is not YAML. */
  readonly value: unknown;
  /** Where a value, or the key it stands under, begins; for what is missing, the nearest thing above it. */
  locate(path: YamlPath, part?: 'key' | 'value'): Where;
  /** Where the character at `offset` of a text (or of a key) stands, through indentation, folding and escapes. */
  locateOffset(path: YamlPath, offset: number, part?: 'key' | 'value'): Where;
}

/** More aliases than this in one file are taken for a bomb. */
const maxAliasCount = 200;

/** After so many syntax errors in one file, further ones are mostly consequences. */
const maxErrors = 20;

/** Reads YAML 1.2 text. Every syntax error and duplicate key is a problem. */
export function loadYaml(
  file: string,
  text: string,
  cache?: ContentCache,
): { readonly yaml: YamlFile; readonly problems: readonly Problem[] } {
  const counter = new LineCounter();
  const problems: Problem[] = [];
  let parsed: { readonly document: Document.Parsed | undefined } | undefined;
  const parseOnce = (): Document.Parsed | undefined => {
    parsed ??= { document: parse(file, text, counter, problems) };
    return parsed.document;
  };
  const locateNode = (offset: number): Where => whereOf(file, counter, offset);
  const read = (): Made<unknown> => {
    const document = parseOnce();
    const value = document && problems.length === 0 ? readValue(document, file, problems) : undefined;
    return { value, isSound: problems.length === 0 };
  };
  const places = cache?.notesOn('places', text);
  const value = cache ? cache.ofText('yaml', text, read) : read().value;
  return {
    problems,
    yaml: {
      file,
      text,
      value,
      locate(path, part = 'value') {
        const name = JSON.stringify([part, ...path]);
        const where = (places?.get(name) as Where | undefined) ?? locateNode(offsetOf(parseOnce(), path, part));
        places?.set(name, where);
        return { ...where, file };
      },
      locateOffset(path, offset, part = 'value') {
        const document = parseOnce();
        const found = document ? nodeAt(document, path) : undefined;
        const node = part === 'key' ? found?.pair?.key : found?.node;
        if (!isScalar(node) || !node.range) return locateNode(offsetOf(document, path, part));
        const [start, end] = node.range;
        return locateNode(scalarOffset({ text, start, end, value: String(node.value) }, offset));
      },
    },
  };
}

function parse(file: string, text: string, counter: LineCounter, problems: Problem[]): Document.Parsed | undefined {
  const add = (code: ErrorCode, offset: number, message: string, hint?: string) =>
    problems.push({
      code,
      message,
      where: whereOf(file, counter, offset),
      ...(hint ? { hint } : {}),
      severity: 'error',
    });
  const tokens = [...new Parser(counter.addNewLine).parse(text)];
  const tooDeep = findTooDeep(tokens);
  if (tooDeep !== undefined) {
    add('COMPILE_YAML_INVALID', tooDeep, `Nested more than ${maxDepth} levels deep.`);
    return undefined;
  }
  const composer = new Composer({ prettyErrors: false, stringKeys: true, logLevel: 'silent' });
  const documents = [...composer.compose(tokens, true, text.length)];
  for (const error of documents.flatMap((document) => document.errors).slice(0, maxErrors)) {
    const [offset] = error.pos;
    if (error.code === 'DUPLICATE_KEY') {
      const key = /^[^\s:]*/.exec(text.slice(offset, offset + 100))?.[0];
      add('COMPILE_YAML_KEY_DUPLICATE', offset, `'${key}' stands twice in the same map.`, 'Keep one of them.');
    } else add('COMPILE_YAML_INVALID', offset, `Not valid YAML: ${error.message}.`);
  }
  const [first, second] = documents;
  if (second) {
    const more = documents.length === 2 ? 'a second' : `${documents.length - 1} more`;
    const message = `One document was expected, and '---' begins ${more}.`;
    add('COMPILE_YAML_MULTIPLE_DOCUMENTS', second.range[0], message, 'Give each its own file.');
  }
  return first as Document.Parsed | undefined;
}

function whereOf(file: string, counter: LineCounter, offset: number): Where {
  const { line, col } = counter.linePos(offset);
  return { file, line: Math.max(1, line), col: Math.max(1, col) };
}

function readValue(document: Document.Parsed, file: string, problems: Problem[]): unknown {
  try {
    return document.toJS({ maxAliasCount });
  } catch (error) {
    const message = `Not readable as YAML: ${messageOf(error)}`;
    problems.push({ code: 'COMPILE_YAML_INVALID', message, where: { file, line: 1, col: 1 }, severity: 'error' });
    return undefined;
  }
}

function offsetOf(document: Document.Parsed | undefined, path: YamlPath, part: 'key' | 'value'): number {
  if (!document) return 0;
  const found = nodeAt(document, path);
  const key = found.pair?.key as Node | undefined;
  const node = part === 'key' || found.missing || isEmpty(found.node) ? (key ?? found.node) : (found.node ?? key);
  return node?.range?.[0] ?? document.range[0];
}

/** `key:` with nothing after it: its position would be the end of the line. */
function isEmpty(node: Node | undefined): boolean {
  return isScalar(node) && node.value === null && !node.source;
}

interface FoundNode {
  readonly node: Node | undefined;
  readonly pair: Pair | undefined;
  /** The path leads further than the file does. */
  readonly missing: boolean;
}

function nodeAt(document: Document.Parsed, path: YamlPath): FoundNode {
  let node: Node | undefined = document.contents ?? undefined;
  let pair: Pair | undefined;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document) as Node | undefined;
    if (isMap(node)) {
      const next = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!next) return { node, pair, missing: true };
      pair = next;
      node = (next.value ?? undefined) as Node | undefined;
    } else if (isSeq(node) && typeof step === 'number' && node.items[step]) {
      pair = undefined;
      node = node.items[step] as Node;
    } else return { node, pair, missing: true };
  }
  return { node, pair, missing: false };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
