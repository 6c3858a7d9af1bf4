import type { StateEntry } from '../../model/state.ts';
import { type AlertWindow, maxWindowsPerKey, type WindowState, windowGraceMs } from './window-state.ts';

/** Whether a window is no longer kept; see {@link pruneWindows}. */
function isExpired(window: AlertWindow, nowMs: number): boolean {
  return nowMs > window.touchedAtMs + (window.endMs - window.startMs) + windowGraceMs;
}

/**
 * The windows of a key that are still kept, by start.
 *
 * A window goes when no match has joined it for its own length and a day more, in processing time: so history that
 * is loaded today groups as it did when it was live, and an event that is up to a day late still finds its window.
 * Of more than {@link maxWindowsPerKey} windows those that were joined longest ago go first.
 */
export function pruneWindows(windows: readonly AlertWindow[], nowMs: number): readonly AlertWindow[] {
  return windows
    .filter((window) => !isExpired(window, nowMs))
    .sort((a, b) => b.touchedAtMs - a.touchedAtMs || b.startMs - a.startMs)
    .slice(0, maxWindowsPerKey)
    .sort((a, b) => a.startMs - b.startMs);
}

/** Keys of State space 'window' of which no window is kept any more: for a sweep now and then. */
export function expiredWindowKeys(entries: readonly StateEntry<WindowState>[], nowMs: number): readonly string[] {
  return entries.filter(({ value }) => value.windows.every((window) => isExpired(window, nowMs))).map(({ key }) => key);
}
