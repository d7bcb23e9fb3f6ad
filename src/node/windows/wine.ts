import { once } from './once.js';
import { windowsFunction } from './native.js';

const kernel = once(() => ({
  moduleOf: windowsFunction<(name: string) => number>('kernel32.dll', 'intptr_t GetModuleHandleW(str16)'),
  find: windowsFunction<(module: number, name: string) => number>(
    'kernel32.dll',
    'intptr_t GetProcAddress(intptr_t, str)',
  ),
}));

/** Wine: a Windows that is almost one. */
export function isWine(): boolean {
  return kernel().find(kernel().moduleOf('ntdll.dll'), 'wine_get_version') !== 0;
}
