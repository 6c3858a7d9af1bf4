import { parentPort, workerData } from 'node:worker_threads';
import { MargayError } from '../../model/margay-error.ts';
import { answerRequest, type DetectorRooms, failedAnswer } from './answer-request.ts';
import { closeNetwork } from './close-network.ts';
import { prepareDetections } from './evaluate/detection-set.ts';
import { hardenHost } from './harden-host.ts';
import { trackProgress } from './progress.ts';
import { openContentRealm } from './realm/content-realm.ts';
import type { WorkerInput, WorkerMessage, WorkerRequest } from './worker-messages.ts';

/** Runs the detector's side of the worker thread that it is called in, until the thread is ended. */
export function serveDetector(rooms: DetectorRooms): void {
  const port = parentPort;
  if (port === null) throw new Error('serveDetector runs in a worker thread.');
  const send = (message: WorkerMessage): void => port.postMessage(message);
  const input = workerData as WorkerInput;
  const progress = trackProgress(input.progress);
  // A promise that content left behind is its own affair; its function has failed for returning one.
  process.on('unhandledRejection', () => {});
  hardenHost();
  closeNetwork();
  try {
    progress.enter('loading');
    const { detections } = input.bundle;
    const realm = openContentRealm(
      input.bundle.code,
      detections.map(({ id, codeKey, functions }) => [codeKey ?? id, functions]),
    );
    progress.enter('framework');
    const set = prepareDetections(detections, input.quarantined);
    const logTypes = new Map(input.bundle.logTypes.map((logType) => [logType.name, logType]));
    const interruptions = input.interruptions;
    port.on('message', (request: WorkerRequest) => {
      const answer = answerRequest({ set, realm, progress, logTypes, interruptions, ...rooms }, request);
      progress.enter('framework');
      try {
        send(answer);
      } catch (error) {
        send(failedAnswer(request, error));
      }
    });
    send({ kind: 'ready' });
  } catch (error) {
    send(loadFailure(error));
  }
}

function loadFailure(error: unknown): WorkerMessage {
  const { message, hint } = error as { readonly message?: string; readonly hint?: string };
  const code = error instanceof MargayError ? error.code : 'DETECT_LOAD_FAILED';
  return { kind: 'failed-to-load', code, message: message ?? String(error), hint };
}
