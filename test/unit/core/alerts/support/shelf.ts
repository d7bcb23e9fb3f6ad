import type { AlertKeeper } from '../../../../../src/core/alerts/alerts.js';
import type { Alert } from '../../../../../src/shared/contract.js';

/** Keeps alerts as a file does, without one. */
export class Shelf implements AlertKeeper {
  alerts: readonly Alert[] = [];

  read(): Alert[] {
    return [...this.alerts];
  }

  keep(alerts: () => readonly Alert[]): void {
    this.alerts = alerts();
  }

  dispose(): void {
    // Nothing is left to be written.
  }
}
