import type { Terminal } from '../terminal.ts';

/** A progress bar on stderr, where that is a terminal. */
export interface Progress {
  /** Draws the bar, at most ten times a second. */
  show(doneBytes: number, text: string): void;
  /** A line above the bar; shown without a terminal too. */
  message(text: string): void;
  /** Takes the bar away. */
  close(): void;
}

const barColumns = 30;
const redrawMs = 100;

/** Starts a progress bar. Without a total it shows the text alone. */
export function openProgress(terminal: Terminal, totalBytes: number | undefined): Progress {
  const { stderr } = process;
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  const clear = (): void => {
    if (Number.isFinite(drawnAtMs)) stderr.write('\r\u001b[2K');
  };
  return {
    show: (doneBytes, text) => {
      const nowMs = performance.now();
      if (!terminal.interactive || nowMs - drawnAtMs < redrawMs) return;
      clear();
      stderr.write(totalBytes === undefined ? text : `${bar(doneBytes / totalBytes, terminal)}  ${text}`);
      drawnAtMs = nowMs;
    },
    message: (text) => {
      clear();
      terminal.warn(text);
      drawnAtMs = Number.NEGATIVE_INFINITY;
    },
    close: () => {
      clear();
      drawnAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}

function bar(share: number, { noteColors }: Terminal): string {
  const full = Math.round(Math.min(1, share) * barColumns);
  const percent = `${Math.floor(Math.min(1, share) * 100)} %`.padStart(5);
  return `${noteColors.cyan('━'.repeat(full))}${noteColors.dim('━'.repeat(barColumns - full))} ${percent}`;
}
