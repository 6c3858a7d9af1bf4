import { createContext, Script } from 'node:vm';
import { contentGlobals } from '../../../model/content-globals.ts';
import type { DetectionFunction } from '../../../model/detection.ts';
import { MargayError } from '../../../model/margay-error.ts';
import { lockRealm } from './lock-realm.ts';
import { openCaller, type RealmCaller } from './open-caller.ts';
import { purifyDate } from './purify-date.ts';

/** Where content code runs: a realm of its own, without clock, chance, I/O, or any object of the host. */
export interface ContentRealm {
  /** The functions called from now on get this event. It is copied when the first of them is called. */
  setEvent(event: unknown): void;
  call(detection: number, functionName: DetectionFunction): CallResult;
}

/** What a function gave. `value` is plain data; `undefined` stands for "as the YAML says". */
export type CallResult = { readonly value: unknown } | { readonly errorClass: string; readonly error: string };

/** The functions that a bundle's code is to give, in the order of its detections. */
export type WantedFunctions = readonly (readonly [id: string, functions: readonly DetectionFunction[]])[];

/** @source Panther, limit of `alert_context`. */
const maxResultChars = 200 * 1_024;

/**
 * Loads a bundle's code.
 *
 * @throws DETECT_LOAD_FAILED when it does not parse, throws, imports something, or lacks a function.
 */
export function openContentRealm(code: string, wanted: WantedFunctions): ContentRealm {
  const context = createContext(Object.create(null), {
    codeGeneration: { strings: false, wasm: false },
    // Promises are settled while the code loads and never after: a detection is not async.
    microtaskMode: 'afterEvaluate',
  });
  const inside = <Made extends (...parts: never[]) => unknown>(made: Made): Made => {
    return new Script(`'use strict'; (${made})`).runInContext(context) as Made;
  };
  const caller = inside(openCaller)();
  inside(purifyDate)();
  inside(lockRealm)(contentGlobals.join(' '));
  loadCode(code, caller, (script) => script.runInContext(context), wanted);
  return serveRealm(caller);
}

function loadCode(code: string, caller: RealmCaller, run: (script: Script) => unknown, wanted: WantedFunctions): void {
  refuseImports(code);
  let missing: readonly string[];
  try {
    const exported = code === '' ? undefined : run(new Script(code, { filename: 'bundle' }));
    missing = JSON.parse(caller.load(exported, JSON.stringify(wanted)));
  } catch (thrown) {
    const { errorClass, error } = JSON.parse(caller.describe(thrown));
    throw new MargayError('DETECT_LOAD_FAILED', `The bundle's code does not load: ${errorClass}: ${error}`, {
      hint: 'Code outside of functions runs once, when the bundle is loaded. It must not throw.',
    });
  }
  if (missing.length > 0) {
    throw new MargayError('DETECT_LOAD_FAILED', `The bundle's code lacks the functions ${missing.join(', ')}.`, {
      hint: 'The bundle was not made by this version of the compiler: compile it again.',
    });
  }
}

/**
 * `import()` would reach the host's loader. Whatever is legal with the word `import` in it stays legal with
 * `class` in its place (names, properties, texts), but a call of `import` does not.
 */
function refuseImports(code: string): void {
  if (!code.includes('import')) return;
  try {
    new Script(code);
  } catch {
    return; // It does not load either way, and loading says why.
  }
  try {
    new Script(code.replaceAll('import', 'class'));
  } catch {
    throw new MargayError('DETECT_LOAD_FAILED', "The bundle's code calls import(), which detections cannot.", {
      hint: 'Import at the top of the file; the compiler puts what is imported into the bundle.',
    });
  }
}

function serveRealm(caller: RealmCaller): ContentRealm {
  let pending: { readonly event: unknown } | undefined;
  return {
    setEvent: (event) => {
      pending = { event };
    },
    call: (detection, functionName) => {
      try {
        if (pending) caller.adopt(pending.event);
        pending = undefined;
        const result = caller.call(detection, functionName, maxResultChars);
        return typeof result === 'string' ? (JSON.parse(result) as CallResult) : { value: result };
      } catch {
        // Only the stack can overflow here: everything else is caught inside.
        return { errorClass: 'RangeError', error: 'The event is nested too deeply, or the function calls itself.' };
      }
    },
  };
}
