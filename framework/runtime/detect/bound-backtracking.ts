import { setFlagsFromString } from 'node:v8';

let isBound = false;

/**
 * From here on V8 hands a regular expression that backtracks too much to its linear-time engine (which knows
 * neither backreferences nor lookaround). Without it a sender could hang, and so switch off, a detection at will.
 *
 * For the whole process; a flag must be set before the thread that is to obey it starts.
 */
export function boundBacktracking(): void {
  if (isBound) return;
  isBound = true;
  setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
  setFlagsFromString('--regexp-backtracks-before-fallback=10000');
}
