import type { AlertRule, ExitCause } from '../../../shared/contract.js';
import type { Language } from '../../../shared/values.js';

/** By rule; some rules have another title for a certain cause. */
export type Titled =
  AlertRule | `crash ${'oom' | 'killed-outside' | 'unknown' | 'start-failed'}` | 'api-degraded refused';

/** All that messages say themselves. Values that are handed in are words already; names may be any text. */
export interface Texts {
  /** of: the server's name, or the webhook's; what: of an anomaly, what is wrong. */
  readonly titles: Readonly<Record<Titled, (of: string, what?: string) => string>>;
  readonly resolved: (title: string) => string;

  readonly ended: Readonly<Record<ExitCause, (how: string | undefined) => string>>;
  readonly causes: Readonly<Record<ExitCause, (how: string | undefined) => string>>;
  readonly exitCode: (code: number) => string;
  readonly signal: (name: string) => string;
  readonly isRunning: string;
  readonly isStarting: string;
  readonly restartsIn: (duration: string) => string;
  readonly staysOff: string;
  readonly didNotHelp: (restarts: number, span: string) => string;

  readonly notStopped: (grace: string) => string;
  readonly reasons: Readonly<Record<string, string>>;
  readonly noAnswerFor: (duration: string) => string;
  readonly notSavedFor: (duration: string) => string;
  readonly notSavedThough: (duration: string, interval: string) => string;
  readonly saveReasons: Readonly<Record<string, string>>;
  readonly gameSays: (text: string) => string;
  readonly ticks: (rate: string, usual: string) => string;
  readonly free: (free: string, total: string) => string;
  readonly hostCpu: (percent: string, duration: string) => string;
  readonly lowMemory: (percent: string) => string;
  readonly overBudget: (cpu: string, memory: string, interval: string) => string;
  readonly troubles: Readonly<Record<string, string>>;
  readonly findings: Readonly<Record<string, string>>;
  readonly triedAgain: (duration: string) => string;

  readonly times: (count: number, span: string) => string;
  readonly timesSince: (count: number, span: string, since: number) => string;
  readonly nobodyLooked: (duration: string) => string;
  readonly held: (ago: string) => string;
  readonly lasted: (duration: string) => string;

  readonly ago: (duration: string) => string;
  readonly fields: Readonly<Record<'server' | 'cause' | 'restart' | 'lastSave' | 'answer' | 'target', string>>;
  /** Who is on, and who was when it ended. */
  readonly playersNow: string;
  readonly playersThen: string;
  readonly players: (online: string, max: string | undefined) => string;
  readonly restart: (number: number, max: number, after: string | undefined) => string;

  readonly test: { readonly title: string; readonly text: string };
  readonly missed: (dropped: number, uncertain: number) => string;
}

const spaced = (text: string, how: string | undefined): string => (how === undefined ? text : `${text} (${how})`);
const joined = (text: string, how: string | undefined): string => (how === undefined ? text : `${text}(${how})`);

const english: Texts = {
  titles: {
    crash: (name) => `${name} crashed`,
    'crash oom': (name) => `${name} ran out of memory`,
    'crash killed-outside': (name) => `${name} was ended from outside`,
    'crash unknown': (name) => `${name} ended, cause not known`,
    'crash start-failed': (name) => `${name} could not be started`,
    restarted: (name) => `${name} was restarted`,
    'gave-up': (name) => `${name} was not restarted again`,
    'stop-timeout': (name) => `${name} has not stopped`,
    hung: (name) => `${name} is not responding`,
    'api-degraded': (name) => `The game of ${name} does not answer`,
    'api-degraded refused': (name) => `${name} refuses the password`,
    'save-overdue': (name) => `${name} has not saved for long`,
    'save-failed': (name) => `${name} could not save`,
    'tick-rate-low': (name) => `${name} runs slowly`,
    anomaly: (name, what = '') => `${name}: ${what}`,
    leak: (name, what = '') => `${name}: ${what}`,
    'disk-nearly-full': (name) => `The disk of ${name} is nearly full`,
    'host-cpu-saturated': () => 'The PC is very busy',
    'low-memory': () => 'The PC is low on memory',
    'over-budget': () => 'Monitoring is over its budget',
    'history-stopped': () => 'The history is not saved',
    'history-damaged': () => 'The history was damaged',
    'webhook-paused': (name) => `Messages to ${name} are paused`,
  },
  resolved: (title) => `Resolved: ${title}`,

  ended: {
    asked: () => 'It was stopped as asked.',
    'stopped-from-inside': () => 'It was stopped in game.',
    crash: (how) => `${spaced('It crashed', how)}.`,
    oom: () => 'Memory ran out, and the system ended it.',
    'killed-outside': (how) => `${spaced('It was ended by force, and not by this panel', how)}.`,
    'start-failed': (how) => `${spaced('It ended before it was ready', how)}.`,
    'host-restart': () => 'The PC was restarted.',
    unknown: () => 'It ended, and nobody was told how.',
  },
  causes: {
    asked: () => 'Stopped as asked',
    'stopped-from-inside': () => 'Stopped in game',
    crash: (how) => spaced('Crashed', how),
    oom: () => 'Out of memory',
    'killed-outside': (how) => spaced('Ended from outside', how),
    'start-failed': (how) => spaced('Could not start', how),
    'host-restart': () => 'PC restarted',
    unknown: () => 'Cause not known',
  },
  exitCode: (code) => `exit ${code}`,
  signal: (name) => name,
  isRunning: 'It is running again.',
  isStarting: 'It is starting again.',
  restartsIn: (duration) => `It restarts in ${duration}.`,
  staysOff: 'It stays off until somebody starts it.',
  didNotHelp: (restarts, span) => `${restarts} ${restarts === 1 ? 'restart' : 'restarts'} in ${span} did not help.`,

  notStopped: (grace) => `It has not stopped within ${grace}. Its world may still be saving.`,
  reasons: {
    'not-ready': 'It has not said that it is ready.',
    suspended: 'Its process has been paused from outside.',
    'counters-flat': 'It uses neither CPU nor storage any more.',
    'log-silent': 'It has printed nothing for long.',
    'api-silent': 'The game does not answer.',
    'api-refused': 'The password that is known is not the one of the game.',
  },
  noAnswerFor: (duration) => `No answer for ${duration}.`,
  notSavedFor: (duration) => `It has not saved for ${duration}.`,
  notSavedThough: (duration, interval) => `It has not saved for ${duration}; it does so every ${interval}.`,
  saveReasons: {
    timeout: 'No answer in time.',
    unreachable: 'The game does not answer.',
    'auth-rejected': 'The password that is known is not the one of the game.',
    'secret-missing': 'The password of the game is not known.',
  },
  gameSays: (text) => `The game says: ${text}`,
  ticks: (rate, usual) => `${rate} ticks a second; usual are ${usual}.`,
  free: (free, total) => `${free} of ${total} are free.`,
  hostCpu: (percent, duration) => `CPU: ${percent} for ${duration}.`,
  lowMemory: (percent) =>
    `${percent} of the memory of the PC is in use; servers may become slow or be ended. Close other programs; monitoring has given back what it can.`,
  overBudget: (cpu, memory, interval) =>
    `It uses ${cpu} of one core and ${memory} of memory, and measures every ${interval} until it uses less. Your servers are not affected.`,
  troubles: {
    'disk-full': 'The disk is full, so the history is not saved. Free some space; what was measured is saved then.',
    'read-only': 'Writing is not allowed. Change that; what was measured is saved then.',
    newer: 'It is of a newer version and stays as it is. Update the extension; until then nothing is recorded.',
    unreadable: 'It cannot be read. It is tried again every half minute.',
    other: 'Its disk reports errors. What was measured is kept in memory.',
  },
  findings: {
    'database-foreign':
      'metrics.db was the file of another program. It is kept under another name, and a new history was begun.',
    'database-missing': 'metrics.db was gone. Only what was recorded last could be recovered.',
    other: 'What could be read was recovered.',
  },
  triedAgain: (duration) => `It is tried again in ${duration}; what it is to be told waits until then.`,

  times: (count, span) => `${count} times in ${span}.`,
  timesSince: (count, span, since) => `${count} times in ${span}, ${since} of them since the last message.`,
  nobodyLooked: (duration) => `Nobody has acknowledged it for ${duration}.`,
  held: (ago) => `Held back during the quiet hours; it last happened ${ago}.`,
  lasted: (duration) => `It lasted ${duration}.`,

  ago: (duration) => `${duration} ago`,
  fields: {
    server: 'Server',
    cause: 'Cause',
    restart: 'Restart',
    lastSave: 'Last save',
    answer: 'Answer',
    target: 'Webhook',
  },
  playersNow: 'Players online',
  playersThen: 'Players online',
  players: (online, max) => (max === undefined ? online : `${online}/${max}`),
  restart: (number, max, after) => (after === undefined ? `${number}/${max}` : `${number}/${max}, in ${after}`),

  test: {
    title: 'Test message',
    text: 'If you can read this, the alerts of Game Server Panel arrive here.',
  },
  missed: (dropped, uncertain) =>
    [
      ...(dropped > 0 ? [`Messages that were given up: ${dropped}.`] : []),
      ...(uncertain > 0 ? [`Messages that may not have arrived: ${uncertain}.`] : []),
    ].join(' '),
};

/** Names stand before a colon: no particle depends on their last letter. */
const korean: Texts = {
  titles: {
    crash: (name) => `${name}: 크래시`,
    'crash oom': (name) => `${name}: 메모리 부족으로 종료됨`,
    'crash killed-outside': (name) => `${name}: 외부에서 종료됨`,
    'crash unknown': (name) => `${name}: 종료됨, 원인 알 수 없음`,
    'crash start-failed': (name) => `${name}: 시작하지 못함`,
    restarted: (name) => `${name}: 재시작됨`,
    'gave-up': (name) => `${name}: 재시작 중단됨`,
    'stop-timeout': (name) => `${name}: 아직 종료되지 않음`,
    hung: (name) => `${name}: 서버 멈춤`,
    'api-degraded': (name) => `${name}: 게임 API 응답 없음`,
    'api-degraded refused': (name) => `${name}: 비밀번호 거부됨`,
    'save-overdue': (name) => `${name}: 오랫동안 세이브되지 않음`,
    'save-failed': (name) => `${name}: 세이브하지 못함`,
    'tick-rate-low': (name) => `${name}: 느려짐`,
    anomaly: (name, what = '') => `${name}: ${what}`,
    leak: (name, what = '') => `${name}: ${what}`,
    'disk-nearly-full': (name) => `${name}: 디스크 공간 부족`,
    'host-cpu-saturated': () => 'PC가 매우 바쁨',
    'low-memory': () => 'PC 메모리 부족',
    'over-budget': () => '모니터링 한도 초과',
    'history-stopped': () => '기록이 저장되지 않음',
    'history-damaged': () => '기록이 손상됨',
    'webhook-paused': (name) => `${name}: 메시지 보내기 일시 중지됨`,
  },
  resolved: (title) => `[해결됨] ${title}`,

  ended: {
    asked: () => '요청에 따라 종료되었습니다.',
    'stopped-from-inside': () => '게임에서 종료되었습니다.',
    crash: (how) => `${joined('크래시가 났습니다', how)}.`,
    oom: () => '메모리가 부족해 시스템이 강제로 종료했습니다.',
    'killed-outside': (how) => `${joined('이 패널이 아닌 외부에서 강제로 종료했습니다', how)}.`,
    'start-failed': (how) => `${joined('준비되기 전에 종료되었습니다', how)}.`,
    'host-restart': () => 'PC가 다시 시작되었습니다.',
    unknown: () => '종료되었지만 원인은 알 수 없습니다.',
  },
  causes: {
    asked: () => '요청에 따라 종료됨',
    'stopped-from-inside': () => '게임에서 종료됨',
    crash: (how) => spaced('크래시', how),
    oom: () => '메모리 부족',
    'killed-outside': (how) => spaced('외부에서 종료됨', how),
    'start-failed': (how) => spaced('시작 실패', how),
    'host-restart': () => 'PC 재시작됨',
    unknown: () => '원인 알 수 없음',
  },
  exitCode: (code) => `종료 코드 ${code}`,
  signal: (name) => name,
  isRunning: '다시 실행 중입니다.',
  isStarting: '다시 시작하고 있습니다.',
  restartsIn: (duration) => `${duration} 뒤 재시작합니다.`,
  staysOff: '직접 시작할 때까지 꺼져 있습니다.',
  didNotHelp: (restarts, span) => `${span} 동안 ${restarts}번 재시작했지만 소용이 없었습니다.`,

  notStopped: (grace) => `${grace} 안에 종료되지 않았습니다. 월드를 아직 세이브하는 중일 수 있습니다.`,
  reasons: {
    'not-ready': '준비되었다는 출력이 아직 없습니다.',
    suspended: '프로세스가 외부에서 일시 정지되었습니다.',
    'counters-flat': 'CPU도 저장 장치도 더 이상 사용하지 않습니다.',
    'log-silent': '오랫동안 아무것도 출력하지 않았습니다.',
    'api-silent': '게임이 응답하지 않습니다.',
    'api-refused': '저장된 비밀번호가 게임의 비밀번호와 다릅니다.',
  },
  noAnswerFor: (duration) => `${duration} 동안 응답이 없습니다.`,
  notSavedFor: (duration) => `${duration} 동안 세이브되지 않았습니다.`,
  notSavedThough: (duration, interval) => `${duration} 동안 세이브되지 않았습니다. 보통 ${interval}마다 세이브합니다.`,
  saveReasons: {
    timeout: '제시간에 응답이 없었습니다.',
    unreachable: '게임이 응답하지 않습니다.',
    'auth-rejected': '저장된 비밀번호가 게임의 비밀번호와 다릅니다.',
    'secret-missing': '게임의 비밀번호를 알 수 없습니다.',
  },
  gameSays: (text) => `게임의 메시지: ${text}`,
  ticks: (rate, usual) => `초당 ${rate}틱입니다. 평소에는 초당 ${usual}틱입니다.`,
  free: (free, total) => `전체 ${total} 중 ${free} 남았습니다.`,
  hostCpu: (percent, duration) => `${duration} 동안 CPU를 ${percent} 사용했습니다.`,
  lowMemory: (percent) =>
    `PC 메모리의 ${percent}를 사용 중입니다. 서버가 느려지거나 강제로 종료될 수 있습니다. 다른 프로그램을 닫으세요. 모니터링은 돌려줄 수 있는 메모리를 이미 돌려주었습니다.`,
  overBudget: (cpu, memory, interval) =>
    `코어 하나의 ${cpu}, 메모리 ${memory}를 사용 중입니다. 줄어들 때까지 ${interval}마다 측정합니다. 서버에는 영향이 없습니다.`,
  troubles: {
    'disk-full': '디스크가 가득 차서 기록을 저장하지 못합니다. 공간을 비우면 그동안 측정한 값이 저장됩니다.',
    'read-only': '기록을 저장할 위치에 쓸 수 없습니다. 쓰기를 허용하면 그동안 측정한 값이 저장됩니다.',
    newer: '기록이 더 새로운 버전의 것이어서 그대로 둡니다. 확장을 업데이트하세요. 그때까지는 기록하지 않습니다.',
    unreadable: '기록을 읽을 수 없습니다. 30초마다 다시 시도합니다.',
    other: '디스크에서 오류가 발생합니다. 측정한 값은 메모리에 보관합니다.',
  },
  findings: {
    'database-foreign': 'metrics.db가 다른 프로그램의 파일이었습니다. 다른 이름으로 보관하고 새 기록을 시작했습니다.',
    'database-missing': 'metrics.db가 없어졌습니다. 마지막에 기록한 부분만 복구했습니다.',
    other: '읽을 수 있는 부분은 복구했습니다.',
  },
  triedAgain: (duration) => `${duration} 뒤에 다시 시도합니다. 보낼 메시지는 그때까지 보관합니다.`,

  times: (count, span) => `${span} 동안 ${count}회 발생했습니다.`,
  timesSince: (count, span, since) => `${span} 동안 ${count}회 발생했고, 그중 ${since}회는 지난 메시지 이후입니다.`,
  nobodyLooked: (duration) => `${duration} 동안 아무도 확인하지 않았습니다.`,
  held: (ago) => `방해 금지 시간에 보류된 알림입니다. 마지막 발생: ${ago}.`,
  lasted: (duration) => `${duration} 동안 이어졌습니다.`,

  ago: (duration) => `${duration} 전`,
  fields: {
    server: '서버',
    cause: '원인',
    restart: '재시작',
    lastSave: '마지막 세이브',
    answer: '응답',
    target: '웹훅',
  },
  playersNow: '접속 중인 플레이어',
  playersThen: '접속 중이던 플레이어',
  players: (online, max) => (max === undefined ? `${online}명` : `${online}/${max}명`),
  restart: (number, max, after) => (after === undefined ? `${number}/${max}` : `${number}/${max}, ${after} 뒤`),

  test: {
    title: '테스트 메시지',
    text: '이 메시지가 보이면 Game Server Panel의 알림이 여기로 전달됩니다.',
  },
  missed: (dropped, uncertain) =>
    [
      ...(dropped > 0 ? [`보내지 못한 메시지: ${dropped}개.`] : []),
      ...(uncertain > 0 ? [`도착했는지 알 수 없는 메시지: ${uncertain}개.`] : []),
    ].join(' '),
};

export const texts: Readonly<Record<Language, Texts>> = { en: english, ko: korean };
