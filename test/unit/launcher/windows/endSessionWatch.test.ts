import { afterEach, beforeEach, expect, test, vi, type Mock } from 'vitest';
import { EndSessionWatch } from '../../../../src/launcher/windows/endSessionWatch.js';
import * as windows from '../../../../src/node/windows/window.js';

vi.mock('../../../../src/node/windows/window.js', async (original) => ({
  ...(await original<typeof windows>()),
  createWindow: vi.fn(),
  isSessionEnding: vi.fn(),
  setShutdownLevel: vi.fn(),
}));

const { message, endSession } = windows;
const query = (lParam: number): unknown => answer(message.queryEndSession, 0, lParam);
/** Windows' messages, as the window would get them. */
let answer: (what: number, wParam: number, lParam: number) => number | undefined;
let window: { [K in keyof windows.Window]: Mock<windows.Window[K]> };
let goingDown: Mock<() => void>;
let watch: EndSessionWatch;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setImmediate', 'Date'] });
  window = { pump: vi.fn(), setReason: vi.fn(() => true), destroy: vi.fn() };
  vi.mocked(windows.createWindow).mockImplementation((_title, onMessage) => {
    answer = onMessage;
    return window;
  });
  vi.mocked(windows.isSessionEnding).mockReturnValue(false);
  goingDown = vi.fn<() => void>();
  watch = new EndSessionWatch(goingDown);
});
afterEach(() => {
  vi.clearAllMocks();
  vi.useRealTimers();
});

/** So often the messages were looked for in that time. */
function pumps(seconds: number): number {
  window.pump.mockClear();
  vi.advanceTimersByTime(seconds * 1000);
  return window.pump.mock.calls.length;
}

test('there is a window as long as servers run, with a reason from the beginning', () => {
  watch.hold(false);
  expect(windows.createWindow).not.toHaveBeenCalled();
  watch.hold(true);
  watch.hold(true);
  expect(windows.createWindow).toHaveBeenCalledTimes(1);
  expect(windows.setShutdownLevel).toHaveBeenCalledWith(0x3ff);
  expect(window.setReason).toHaveBeenCalledTimes(1);
  expect(pumps(3)).toBe(6);
  watch.hold(false);
  expect(window.destroy).toHaveBeenCalledTimes(1);
  expect(pumps(3)).toBe(0);
  watch.hold(true);
  expect(windows.createWindow).toHaveBeenCalledTimes(2);
});

test('Windows has its answer before anything is done', () => {
  watch.hold(true);
  expect(query(0)).toBe(0);
  expect(goingDown).not.toHaveBeenCalled();
  vi.advanceTimersByTime(0);
  expect(goingDown).toHaveBeenCalledTimes(1);
});

test('behind the question nothing is heard for less time than a hung window takes, and nothing more where it is forced', () => {
  watch.hold(true);
  query(0);
  expect(pumps(3.5)).toBe(0);
  expect(pumps(1)).toBeGreaterThan(0);
  query(endSession.critical);
  expect(pumps(600)).toBe(0);
});

test('programs that come back after the end are asked like those that an installer asks; the system tells the difference', () => {
  watch.hold(true);
  expect(query(endSession.closeApp)).toBe(0);
  expect(pumps(1)).toBe(2);
  expect(goingDown).not.toHaveBeenCalled();
  vi.mocked(windows.isSessionEnding).mockReturnValue(true);
  expect(query(endSession.closeApp)).toBe(0);
  vi.advanceTimersByTime(0);
  expect(goingDown).toHaveBeenCalledTimes(1);
});

test('what it does not know, any window does', () => {
  watch.hold(true);
  expect(answer(0x001a, 0, 0)).toBeUndefined();
});

test('where there can be no window, the next server tries again; where a call fails, servers run on', () => {
  vi.mocked(windows.createWindow).mockReturnValueOnce(undefined);
  watch.hold(true);
  expect(windows.setShutdownLevel).not.toHaveBeenCalled();
  vi.mocked(windows.createWindow).mockImplementationOnce(() => {
    throw new Error('no such function');
  });
  watch.hold(true);
  watch.hold(true);
  expect(windows.createWindow).toHaveBeenCalledTimes(3);
  expect(pumps(1)).toBe(2);
});
