import type { DestinationPlugin } from '../../destination-plugin.ts';
import { renderBlock } from './render-block.ts';

/** Writes a readable block to the runtime's standard output. */
export const stdoutDestination: DestinationPlugin = {
  type: 'stdout',
  settings: {},
  send: async (notification, { write }) => {
    write(renderBlock(notification));
    return { kind: 'sent' };
  },
};
