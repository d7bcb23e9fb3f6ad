import { windowsFunction } from '../../../src/node/windows/native.js';
import type { Handle } from '../../../src/node/windows/processes.js';

export const queryEndSession = 0x0011;
export const endSession = 0x0016;

/** The hidden windows of a process, as another one sees them. */
export function windowsOf(pid: number): Handle[] {
  const next = windowsFunction<(parent: Handle, behind: Handle, name: string, title: null) => Handle>(
    'user32.dll',
    'intptr_t FindWindowExW(intptr_t, intptr_t, str16, str16)',
  );
  const owner = windowsFunction<(window: Handle, pid: Buffer) => number>(
    'user32.dll',
    'uint32_t GetWindowThreadProcessId(intptr_t, void*)',
  );
  const found: Handle[] = [];
  const at = Buffer.alloc(4);
  for (
    let window = next(0, 0, 'GameServerPanel', null);
    window !== 0;
    window = next(0, window, 'GameServerPanel', null)
  ) {
    owner(window, at);
    if (at.readUInt32LE(0) === pid) found.push(window);
  }
  return found;
}

/** What the window answers; undefined where it does not within that time. */
export function send(window: Handle, message: number, wParam: number, lParam: number, ms = 3000): number | undefined {
  const answer = Buffer.alloc(8);
  const sent = windowsFunction<
    (window: Handle, message: number, wParam: number, lParam: number, how: number, ms: number, answer: Buffer) => number
  >('user32.dll', 'intptr_t SendMessageTimeoutW(intptr_t, uint32_t, uintptr_t, intptr_t, uint32_t, uint32_t, void*)');
  return sent(window, message, wParam, lParam, 0, ms, answer) === 0 ? undefined : answer.readInt32LE(0);
}
