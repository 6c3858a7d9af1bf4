// The entry of the detector's worker thread: gives it the rooms that it must not import itself.
import { serveDetector } from './detect/index.ts';
import { normaliseBatch } from './normalise/index.ts';

serveDetector({ normalise: normaliseBatch });
