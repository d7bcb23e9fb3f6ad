import { handleList } from './handles.js';
import { once } from './once.js';
import { windowsFunction } from './native.js';
import type { Handle } from './processes.js';

/** As many as one wait can be for. */
export const mostAwaited = 64;

interface Wait {
  (count: number, handles: Buffer, all: number, ms: number): number;
  /** On a thread of the pool. */
  async(
    count: number,
    handles: Buffer,
    all: number,
    ms: number,
    done: (error: Error | null, index: number) => void,
  ): void;
}

const failed = 0xffff_ffff;

const kernel = once(() => ({
  wait: windowsFunction<Wait>('kernel32.dll', 'uint32_t WaitForMultipleObjects(uint32_t, void*, int, uint32_t)'),
  createEvent: windowsFunction<(security: null, isManual: number, isSet: number, name: null) => Handle>(
    'kernel32.dll',
    'intptr_t CreateEventW(void*, int, int, str16)',
  ),
  setEvent: windowsFunction<(event: Handle) => number>('kernel32.dll', 'int SetEvent(intptr_t)'),
}));

/** Something to wait for that is set by `setEvent`, and unset again when a wait has seen it. */
export function makeEvent(): Handle {
  return kernel().createEvent(null, 0, 0, null);
}

export function setEvent(event: Handle): void {
  kernel().setEvent(event);
}

/**
 * Resolves when one of these is set or has ended, or the time is over. One thread of the pool is taken meanwhile, and
 * this process cannot end before. False where it could not be waited. At most `mostAwaited`.
 */
export async function waitForAny(handles: readonly Handle[], ms: number): Promise<boolean> {
  const list = handleList(handles);
  return await new Promise((resolve) => {
    kernel().wait.async(handles.length, list, 0, ms, (error, index) => {
      resolve(error === null && index !== failed);
    });
  });
}
