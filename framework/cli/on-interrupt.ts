import { exitCodes } from './exit-code.ts';

/**
 * Calls `stop` on the first Ctrl-C or SIGTERM, so that a command ends cleanly; the second one ends the process
 * at once. The returned function takes the handlers away.
 */
export function onInterrupt(stop: () => void): () => void {
  let stopping = false;
  const handle = (): void => {
    if (stopping) process.exit(exitCodes.interrupted);
    stopping = true;
    stop();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return () => {
    process.off('SIGINT', handle);
    process.off('SIGTERM', handle);
  };
}
