import type { ActivationRecord } from '../model/log-record.ts';

/** A bundle that went live. In State space 'channel', beside `live`: what a rollback may go back to. */
export type Activation = Pick<ActivationRecord, 'digest' | 'serial' | 'activatedAtMs'> & Partial<ActivationRecord>;

/** How many activations, and their bundles, are kept. */
export const keptActivations = 20;

/** The key of an {@link Activation}; later ones sort last. */
export function activationKey(serial: number): string {
  return `past/${String(serial).padStart(12, '0')}`;
}
