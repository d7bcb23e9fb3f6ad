import { describe, expect, test } from 'vitest';
import { announcementOf, isAscii, type Announcements } from '../../../../src/core/lifecycle/announcement.js';

const said = (set: Partial<Announcements> = {}): Announcements => ({
  ...{ language: 'en', stop: undefined, restart: undefined },
  ...set,
});
const stop = { reason: null, restarts: false };
const restart = { reason: null, restarts: true };

describe('what players are told', () => {
  test('in each language, of a stop and of a restart, in plain English besides', () => {
    expect(announcementOf(30, stop, said()).text).toBe('Server stops in 30 seconds');
    expect(announcementOf(1, stop, said()).text).toBe('Server stops in 1 second');
    expect(announcementOf(1, restart, said()).text).toBe('Server restarts in 1 second');
    expect(announcementOf(30, stop, said({ language: 'ko' }))).toEqual({
      text: '서버가 30초 후 종료됩니다',
      plain: 'Server stops in 30 seconds',
    });
    expect(announcementOf(5, restart, said({ language: 'ko' }))).toEqual({
      text: '서버가 5초 후 재시작됩니다',
      plain: 'Server restarts in 5 seconds',
    });
  });

  test('in words of their own, each for its occasion, in both versions where they are ASCII', () => {
    const own = said({ language: 'ko', stop: 'Bye in {seconds}, {seconds}!', restart: '{seconds}초 뒤에 다시 만나요' });
    const bye = 'Bye in 10, 10!';
    expect(announcementOf(10, stop, own)).toEqual({ text: bye, plain: bye });
    expect(announcementOf(10, restart, own)).toEqual({
      text: '10초 뒤에 다시 만나요',
      plain: 'Server restarts in 10 seconds',
    });
  });

  test('in words of their own without a number as they are', () => {
    expect(announcementOf(10, stop, said({ stop: 'Save now! $& {Seconds}' })).text).toBe('Save now! $& {Seconds}');
  });

  test('with the reason that somebody gave; in plain words only where it is plain', () => {
    const why = (reason: string): ReturnType<typeof announcementOf> =>
      announcementOf(10, { reason, restarts: false }, said({ language: 'ko' }));
    expect(why('update')).toEqual({
      text: '서버가 10초 후 종료됩니다: update',
      plain: 'Server stops in 10 seconds: update',
    });
    expect(why('업데이트')).toEqual({
      text: '서버가 10초 후 종료됩니다: 업데이트',
      plain: 'Server stops in 10 seconds',
    });
    expect(why(' \t').text).toBe('서버가 10초 후 종료됩니다');
  });

  test('is one line, and no longer than it can be read, whatever the reason', () => {
    const { plain } = announcementOf(10, { reason: ' a\r\nstop\0\u2028b ', restarts: false }, said());
    expect(plain).toBe('Server stops in 10 seconds: a stop b');
    const { text } = announcementOf(10, { reason: '🎮'.repeat(500), restarts: false }, said());
    expect(text).toBe(`Server stops in 10 seconds: ${'🎮'.repeat(100)}`);
  });
});

test('ASCII is what every console takes: no other letters, and nothing that ends a line', () => {
  expect(['', ' ~', 'Server 1!'].every(isAscii)).toBe(true);
  expect(['é', '서', '\n', '\u007f', 'a\0', '…'].some(isAscii)).toBe(false);
});
