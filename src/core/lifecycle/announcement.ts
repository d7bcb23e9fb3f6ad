import type { StopWish } from '../../shared/events.js';

/** How people want players to be told. stop, restart: texts of their own, with {seconds}; undefined: the usual ones. */
export interface Announcements {
  readonly language: 'en' | 'ko';
  readonly stop: string | undefined;
  readonly restart: string | undefined;
}

/** What players are told. plain: the same in ASCII, for games that show nothing else. */
interface Announcement {
  readonly text: string;
  readonly plain: string;
}

const usual = {
  en: {
    stop: (seconds: number) => `Server stops in ${inSeconds(seconds)}`,
    restart: (seconds: number) => `Server restarts in ${inSeconds(seconds)}`,
  },
  ko: {
    stop: (seconds: number) => `서버가 ${seconds}초 후 종료됩니다`,
    restart: (seconds: number) => `서버가 ${seconds}초 후 재시작됩니다`,
  },
};

const longestReason = 100;
/** What would end a line, or cannot be shown in one. */
const breaks = /[\p{Cc}\p{Zl}\p{Zp}\s]+/gu;

/** What is said so many seconds before a stop, or before the stop of a restart; a person's reason stands behind it. */
export function announcementOf(
  seconds: number,
  { reason, restarts }: Pick<StopWish, 'reason' | 'restarts'>,
  { language, ...own }: Announcements,
): Announcement {
  const kind = restarts ? 'restart' : 'stop';
  const text = own[kind]?.replaceAll('{seconds}', String(seconds)) ?? usual[language][kind](seconds);
  const plain = isAscii(text) ? text : usual.en[kind](seconds);
  const why = Array.from((reason ?? '').replace(breaks, ' ').trim())
    .slice(0, longestReason)
    .join('');
  return { text: withReason(text, why), plain: withReason(plain, isAscii(why) ? why : '') };
}

/** Every console takes these as they are. */
export function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

function withReason(text: string, why: string): string {
  return why === '' ? text : `${text}: ${why}`;
}

function inSeconds(seconds: number): string {
  return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
}
