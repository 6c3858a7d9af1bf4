// The entry of the detector's worker thread: gives it the rooms that it must not import itself.
import { serveDetector } from './detect/index.ts';
import { normaliseBatch, rowEvent } from './normalise/index.ts';

serveDetector({ normalise: normaliseBatch, readRow: rowEvent });
