import * as vscode from 'vscode';
import { messageOf } from '../shared/failure.js';
import { Bag, type Disposable } from './bag.js';
import type { Log } from './log.js';
import type { MonitoringSettings, SettingFault } from './monitoringSettings.js';
import { openSetting } from './openSetting.js';
import { settingAt } from './settings.js';
import { settingFaultText } from './settingFaultText.js';

/**
 * Says which settings the background process does not take: where somebody looks, and each fault once until all of them
 * are mended.
 */
export class SettingFaults implements Disposable {
  private readonly bag = new Bag();
  private readonly told = new Set<string>();
  private faults: readonly SettingFault[] = [];

  constructor(
    monitoring: Pick<MonitoringSettings, 'onDidDeliver'>,
    private readonly log: Log,
  ) {
    this.bag.add(
      monitoring.onDidDeliver((faults) => {
        this.faults = faults;
        if (faults.length === 0) this.told.clear();
        this.review();
      }),
    );
    this.bag.add(vscode.window.onDidChangeWindowState(() => this.review()));
  }

  dispose(): void {
    this.bag.dispose();
  }

  private review(): void {
    if (!vscode.window.state.focused) return;
    for (const fault of this.faults) {
      const key = `${fault.field} ${fault.detail}`;
      if (this.told.has(key)) continue;
      this.told.add(key);
      this.tell(fault).catch((error: unknown) => {
        this.log.warn('fault of a setting not told', messageOf(error));
      });
    }
  }

  private async tell(fault: SettingFault): Promise<void> {
    const { t } = vscode.l10n;
    const open = t('Open Settings');
    const chosen = await vscode.window.showWarningMessage(settingFaultText(fault, t), open);
    if (chosen === open) await openSetting(settingAt(fault.field));
  }
}
