import { once } from './once.js';
import { windowsFunction } from './native.js';

type Window = number;

const close = 0x0010;
/** More than any desktop has: a list that changes while it is walked could go round for ever. */
const mostWindows = 10_000;

const user = once(() => ({
  find: windowsFunction<(parent: Window, after: Window, kind: null, title: null) => Window>(
    'user32.dll',
    'intptr_t FindWindowExW(intptr_t, intptr_t, str16, str16)',
  ),
  owner: windowsFunction<(window: Window, pid: Buffer) => number>(
    'user32.dll',
    'uint32_t GetWindowThreadProcessId(intptr_t, void*)',
  ),
  post: windowsFunction<(window: Window, message: number, first: number, second: number) => number>(
    'user32.dll',
    'int PostMessageW(intptr_t, uint32_t, uintptr_t, intptr_t)',
  ),
}));

/** Asks every top-level window of these processes to close, as its X does. How many were told. */
export function closeWindowsOf(pids: readonly number[]): number {
  const wanted = new Set(pids);
  const owner = Buffer.alloc(4);
  let told = 0;
  let window: Window = 0;
  for (let seen = 0; seen < mostWindows; seen++) {
    window = user().find(0, window, null, null);
    if (window === 0) break;
    user().owner(window, owner);
    if (wanted.has(owner.readUInt32LE(0)) && user().post(window, close, 0, 0) !== 0) told++;
  }
  return told;
}
