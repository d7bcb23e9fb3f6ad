import { native, windowsFunction } from './native.js';
import { once } from './once.js';
import type { Handle } from './processes.js';

/** Messages that Windows sends to a window. Windows: winuser.h. */
export const message = { close: 0x0010, queryEndSession: 0x0011, endSession: 0x0016 } as const;
/** In the second value of both messages of an end of session, as bits. */
export const endSession = { closeApp: 0x0000_0001, critical: 0x4000_0000 } as const;

/** What the window answers; undefined: what any window does. Called on this thread, within `create`, `pump` and `destroy`. */
type Answer = (message: number, wParam: number, lParam: number) => number | undefined;

/** It belongs to the thread that made it. */
export interface Window {
  /** Hands over the messages that have come. Windows takes a window for hung after 5 s without it. */
  pump(): void;
  /** What Windows shows while it waits for this window; at most 255 characters. False where it does not take it. */
  setReason(text: string): boolean;
  /** Takes the reason back as well. */
  destroy(): void;
}

const className = 'GameServerPanel';
const popupStyle = 0x8000_0000;
const removeMessages = 0x0001;
const shuttingDownMetric = 0x2000;
/** So many at a time: whoever floods a window does not hold up everything else. */
const messagesAtOnce = 100;
/** WNDCLASSEXW and MSG, as they are on 64 bits. */
const windowClass = { bytes: 80, procedure: 8, instance: 24, name: 64 } as const;
const messageBytes = 48;

/** Numbers come as bigint where a double would not hold them exactly. */
type Long = number | bigint;
type Procedure = (window: Handle, message: number, wParam: Long, lParam: Long) => Long;

const user = once(() => ({
  registerClass: windowsFunction<(definition: Buffer) => number>('user32.dll', 'uint16_t RegisterClassExW(void*)'),
  createWindow: windowsFunction<
    (
      ...args: [number, string, string, number, number, number, number, number, Handle, Handle, Handle, Handle]
    ) => Handle
  >(
    'user32.dll',
    'intptr_t CreateWindowExW(uint32_t, str16, str16, uint32_t, int, int, int, int, intptr_t, intptr_t, intptr_t, intptr_t)',
  ),
  destroyWindow: windowsFunction<(window: Handle) => number>('user32.dll', 'int DestroyWindow(intptr_t)'),
  defaultProcedure: windowsFunction<Procedure>(
    'user32.dll',
    'intptr_t DefWindowProcW(intptr_t, uint32_t, uintptr_t, intptr_t)',
  ),
  peekMessage: windowsFunction<(into: Buffer, window: Handle, first: number, last: number, how: number) => number>(
    'user32.dll',
    'int PeekMessageW(void*, intptr_t, uint32_t, uint32_t, uint32_t)',
  ),
  dispatchMessage: windowsFunction<(from: Buffer) => Long>('user32.dll', 'intptr_t DispatchMessageW(void*)'),
  createReason: windowsFunction<(window: Handle, text: string) => number>(
    'user32.dll',
    'int ShutdownBlockReasonCreate(intptr_t, str16)',
  ),
  destroyReason: windowsFunction<(window: Handle) => number>('user32.dll', 'int ShutdownBlockReasonDestroy(intptr_t)'),
  systemMetrics: windowsFunction<(which: number) => number>('user32.dll', 'int GetSystemMetrics(int)'),
}));

const kernel = once(() => ({
  setShutdownParameters: windowsFunction<(level: number, flags: number) => number>(
    'kernel32.dll',
    'int SetProcessShutdownParameters(uint32_t, uint32_t)',
  ),
  moduleHandle: windowsFunction<(name: null) => Handle>('kernel32.dll', 'intptr_t GetModuleHandleW(void*)'),
}));

let answer: Answer | undefined;
const received = Buffer.alloc(messageBytes);

/**
 * Registered once and never taken back: a window's procedure must outlive its window. An exception may not pass through
 * Windows; whatever goes wrong in JavaScript, the window does what any window does.
 */
const registered = once(() => {
  const calls = native();
  const procedure: Procedure = (window, what, wParam, lParam) => {
    let answered: number | undefined;
    try {
      answered = answer?.(what, Number(wParam), Number(lParam));
    } catch {
      // The default then.
    }
    return answered ?? user().defaultProcedure(window, what, wParam, lParam);
  };
  const type = calls.pointer(calls.proto('intptr_t GameServerPanelProcedure(intptr_t, uint32_t, uintptr_t, intptr_t)'));
  const name = Buffer.from(`${className}\0`, 'utf16le');
  const instance = kernel().moduleHandle(null);
  const definition = Buffer.alloc(windowClass.bytes);
  definition.writeUInt32LE(windowClass.bytes, 0);
  definition.writeBigUInt64LE(calls.register(procedure, type), windowClass.procedure);
  definition.writeBigInt64LE(BigInt(instance), windowClass.instance);
  definition.writeBigUInt64LE(calls.address(name), windowClass.name);
  return { atom: user().registerClass(definition), instance };
});

/**
 * A window that nobody sees, but that the system tells what it tells every window: not one for messages only. One at a
 * time. Undefined where there can be none, as without a desktop.
 */
export function createWindow(title: string, onMessage: Answer): Window | undefined {
  const { atom, instance } = registered();
  if (atom === 0) return undefined;
  answer = onMessage;
  const window = user().createWindow(0, className, title, popupStyle, 0, 0, 0, 0, 0, 0, instance, 0);
  if (window === 0) return undefined;
  return {
    pump: () => {
      // What was sent is handed over within the call that asks for what was posted.
      for (let left = messagesAtOnce; left > 0; left--) {
        if (user().peekMessage(received, 0, 0, 0, removeMessages) === 0) return;
        user().dispatchMessage(received);
      }
    },
    setReason: (text) => user().createReason(window, text) !== 0,
    destroy: () => {
      user().destroyReason(window);
      user().destroyWindow(window);
    },
  };
}

/** The session of this user is about to end, as the system says itself. */
export function isSessionEnding(): boolean {
  return user().systemMetrics(shuttingDownMetric) !== 0;
}

/** When this process is told of the end of the session: those of a high level first. 0 to 0x3FF, without doing it 0x280. */
export function setShutdownLevel(level: number): void {
  kernel().setShutdownParameters(level, 0);
}
