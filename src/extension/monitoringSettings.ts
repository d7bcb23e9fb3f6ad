import { Failure, messageOf } from '../shared/failure.js';
import { Bag } from './bag.js';
import type { CoreClient } from './coreClient.js';
import { Emitter } from './emitter.js';
import type { Log } from './log.js';
import type { SettingKey, Settings } from './settings.js';

/** Something that the background process does not take. field: where it is in its settings; detail: what is wrong, English. */
export interface SettingFault {
  readonly field: string;
  readonly detail: string;
}

type Tree = Readonly<Record<string, unknown>>;

/** Tells the background process the settings that were explicitly set: at every connect, and when one changes. */
export class MonitoringSettings {
  private readonly bag = new Bag();
  private readonly delivered: Emitter<readonly SettingFault[]>;
  /** What may be in force there because of this window. */
  private sent: ReadonlySet<SettingKey> = new Set();
  private round = 0;

  constructor(
    private readonly client: Pick<CoreClient, 'request' | 'current' | 'onDidChange'>,
    private readonly settings: Settings,
    private readonly log: Log,
  ) {
    this.delivered = new Emitter((error) => log.error('listener failed', messageOf(error)));
    this.bag.add(client.onDidChange(({ at }) => at === 'connected' && this.send()));
  }

  /** The background process knows them now, but for those that it does not take. */
  get onDidDeliver(): Emitter<readonly SettingFault[]>['event'] {
    return this.delivered.event;
  }

  send(): void {
    if (this.client.current.at !== 'connected') return;
    const { tree, keys } = this.settings.forMonitoring(this.sent);
    this.sent = new Set([...this.sent, ...keys]);
    void this.deliver(tree, keys, ++this.round);
  }

  dispose(): void {
    this.bag.dispose();
    this.delivered.dispose();
  }

  /** What is wrong is left out, so that the rest counts. */
  private async deliver(all: Tree, keys: ReadonlySet<SettingKey>, round: number): Promise<void> {
    const faults: SettingFault[] = [];
    let tree = all;
    while (Object.keys(tree).length > 0) {
      try {
        await this.client.request('settings/set', { settings: tree });
        break;
      } catch (error) {
        this.log.warn('settings not taken', { why: messageOf(error), ...(Failure.is(error) ? error.data : {}) });
        const fault = faultOf(error);
        const rest = fault === undefined ? undefined : without(tree, fault.field);
        // Newer ones are on their way, and what is left of these must not come after them.
        if (fault === undefined || rest === undefined || round !== this.round) return;
        faults.push(fault);
        tree = rest;
      }
    }
    if (round !== this.round) return;
    this.sent = keys;
    this.delivered.fire(faults);
  }
}

function faultOf(error: unknown): SettingFault | undefined {
  if (!Failure.is(error, 'invalid-definition')) return undefined;
  const { field, detail } = error.data;
  return typeof field === 'string' ? { field, detail: typeof detail === 'string' ? detail : '?' } : undefined;
}

/** Without the group that the fault is in: `a.b` for `a.b.c`, `a` where that is no group of groups. undefined: it has none. */
function without(tree: Tree, field: string): Tree | undefined {
  const [head = '', second = ''] = field.split('.');
  if (!Object.hasOwn(tree, head)) return undefined;
  const { [head]: group, ...rest } = tree;
  if (typeof group !== 'object' || group === null || Array.isArray(group) || !Object.hasOwn(group, second)) return rest;
  const { [second]: _, ...others } = group as Tree;
  return { ...rest, [head]: others };
}
