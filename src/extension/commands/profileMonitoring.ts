import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../../shared/failure.js';
import type { CoreClient } from '../coreClient.js';
import type { Translate } from '../translate.js';

const profileSeconds = 30;
/** For what is beyond the recording: its file is written. */
const graceMs = 15_000;

/** Records where the monitoring spends its time, shows it, and says where it is. Called off, it leaves nothing. */
export async function profileMonitoring(client: Pick<CoreClient, 'request'>, dataDir: string): Promise<void> {
  const t: Translate = vscode.l10n.t;
  const folder = path.join(dataDir, 'logs');
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, profileName(new Date()));
  const isThere = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t('Recording where monitoring spends its time ({0} s)…', profileSeconds),
      cancellable: true,
    },
    (progress, token) => recorded(client, file, progress, token),
  );
  if (!isThere) return;
  const uri = vscode.Uri.file(file);
  await vscode.commands.executeCommand('vscode.open', uri);
  const show = t('Show in Folder');
  // Not waited for: the message may stay for long.
  void vscode.window
    .showInformationMessage(t('The recording is in {0}.', file), show)
    .then((answer) => (answer === show ? vscode.commands.executeCommand('revealFileInOS', uri) : undefined));
}

/** False where it was called off. */
async function recorded(
  client: Pick<CoreClient, 'request'>,
  file: string,
  progress: vscode.Progress<{ increment: number }>,
  token: vscode.CancellationToken,
): Promise<boolean> {
  const controller = new AbortController();
  const calledOff = token.onCancellationRequested(() => controller.abort());
  const second = setInterval(() => progress.report({ increment: 100 / profileSeconds }), 1000);
  try {
    const options = { timeoutMs: profileSeconds * 1000 + graceMs, signal: controller.signal };
    await client.request('core/profile', { seconds: profileSeconds, path: file }, options);
    return true;
  } catch (error) {
    if (Failure.is(error, 'cancelled')) return false;
    throw error;
  } finally {
    clearInterval(second);
    calledOff.dispose();
  }
}

/** monitoring-2025-01-31-093000.cpuprofile, by the PC's clock: sorts by age. */
function profileName(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `monitoring-${day}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}.cpuprofile`;
}
