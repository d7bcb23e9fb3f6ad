import { valueTexts, type Language, type ValueTexts } from '../../shared/values.js';
import type { Incident } from './record.js';

/** Everything that the document says itself. Values that are handed in are Markdown already. */
export interface Texts extends ValueTexts {
  readonly title: (name: string) => string;
  readonly between: (from: string, to: string) => string;
  readonly whatHappened: string;
  readonly gameSays: string;
  readonly lastLines: string;
  readonly lastMinutes: string;
  readonly files: string;

  readonly ended: string;
  readonly ranFor: string;
  readonly players: string;
  readonly world: string;
  readonly next: string;
  readonly memory: string;
  readonly cpu: string;
  readonly pc: string;

  readonly causes: Readonly<Record<Incident['exit']['cause'], string>>;
  readonly signal: (name: string, meaning: string | undefined) => string;
  readonly exitCode: (code: number, meaning: string | undefined) => string;
  readonly noExit: string;
  readonly signals: Readonly<Record<string, string>>;
  readonly exitCodes: Readonly<Record<number, string>>;
  readonly unrealFatal: string;
  readonly notWatched: string;
  readonly memoryRanOut: string;

  readonly notKnown: string;
  readonly notKnownNobodyWatched: string;
  readonly nobody: string;
  readonly online: (count: number, names: string) => string;
  readonly saveRunning: string;
  readonly lastSave: (ago: string) => string;
  readonly fewSeconds: string;
  readonly demoServer: string;
  readonly noSave: string;
  readonly stays: string;
  readonly restart: (at: string, used: number, max: number) => string;
  readonly gaveUp: (used: number) => string;
  readonly atEnd: (value: string) => string;
  readonly atEndAndBefore: (value: string, before: string, ago: string) => string;
  readonly ofOneCore: (percent: string) => string;
  readonly pcLoad: (cpu: string, memory: string, total: string | null) => string;

  readonly said: string;
  readonly saidJava: string;
  readonly kinds: Readonly<Record<NonNullable<Incident['report']>['kind'], string>>;
  readonly nothingSaid: string;
  readonly noLines: string;
  readonly noSamples: string;
  readonly thinned: (shown: number, all: number) => string;
  readonly columns: Readonly<Record<Column, string>>;
  readonly thisReport: string;
  readonly console: string;
  readonly gameReport: string;
}

export type Column =
  | 'time'
  | 'cpu'
  | 'memory'
  | 'players'
  | 'threads'
  | 'ioRead'
  | 'ioWrite'
  | 'tickRate'
  | 'frameTime'
  | 'apiTime'
  | 'hostCpu'
  | 'hostMemory';

const english: Texts = {
  ...valueTexts.en,
  title: (name) => `Crash of ${name}`,
  between: (from, to) => `between ${from} and ${to}`,
  whatHappened: 'What happened',
  gameSays: 'What the game says',
  lastLines: 'Last lines',
  lastMinutes: 'The last five minutes',
  files: 'Files',

  ended: 'How it ended',
  ranFor: 'Ran for',
  players: 'Players online',
  world: 'World',
  next: 'Restart',
  memory: 'Memory',
  cpu: 'CPU',
  pc: 'PC',

  causes: {
    asked: 'Stopped as asked',
    'stopped-from-inside': 'Stopped in game',
    crash: 'It crashed',
    oom: 'Memory ran out, and the system ended it',
    'killed-outside': 'It was ended by force, and not by this panel',
    'start-failed': 'It ended before it was ready',
    'host-restart': 'The PC was restarted',
    unknown: 'It ended, and nobody was told how',
  },
  signal: (name, meaning) => (meaning === undefined ? `signal ${name}` : `signal ${name} (${meaning})`),
  exitCode: (code, meaning) => (meaning === undefined ? `exit code ${code}` : `exit code ${code} (${meaning})`),
  noExit: 'exit code not known',
  signals: {
    SIGSEGV: 'invalid memory access',
    SIGBUS: 'invalid memory access',
    SIGABRT: 'the program gave up after an error of its own',
    SIGILL: 'invalid machine instruction',
    SIGFPE: 'arithmetic error, such as a division by zero',
    SIGTRAP: 'a check in the program failed',
    SIGSYS: 'forbidden system call',
    SIGKILL: 'ended by force',
    SIGTERM: 'asked to end',
    SIGINT: 'asked to end',
    SIGHUP: 'asked to end',
    SIGQUIT: 'asked to end',
    SIGPIPE: 'the other end of a connection was gone',
    SIGXCPU: 'limit of CPU time reached',
    SIGXFSZ: 'limit of file size reached',
  },
  exitCodes: {
    126: 'the program could not be run',
    127: 'the program was not found',
    0xc0000005: 'invalid memory access',
    0xc0000017: 'not enough memory',
    0xc000001d: 'invalid machine instruction',
    0xc0000094: 'division by zero',
    0xc00000fd: 'stack overflow',
    0xc0000135: 'a needed DLL is missing',
    0xc000013a: 'asked to end',
    0xc0000142: 'a needed DLL could not be loaded',
    0xc0000374: 'damaged memory',
    0xc0000409: 'the program gave up after an error of its own',
  },
  unrealFatal: 'fatal error of the Unreal engine',
  notWatched: 'Monitoring was not running at that time.',
  memoryRanOut: 'At the same time the system ended a program because memory ran out.',

  notKnown: 'not known',
  notKnownNobodyWatched: 'not known: nobody watched',
  nobody: 'nobody',
  online: (count, names) => `${count}: ${names}`,
  saveRunning: 'A save was running: it may be incomplete.',
  fewSeconds: 'a few seconds',
  demoServer: 'Demo server',
  lastSave: (ago) => `Last save ${ago} before the end: what was played since then may be lost.`,
  noSave: 'not known: no save was seen',
  stays: 'It stays off until somebody starts it.',
  restart: (at, used, max) => `It comes back by itself at ${at} (${used} of ${max} restarts used before that).`,
  gaveUp: (used) => `It stays off: restarting did not help (${used} tried).`,
  atEnd: (value) => `${value} at the end`,
  atEndAndBefore: (value, before, ago) => `${value} at the end, ${before} ${ago} before`,
  ofOneCore: (percent) => `${percent} of one core`,
  pcLoad: (cpu, memory, total) => `CPU ${cpu}, memory ${memory}${total === null ? '' : ` of ${total}`}`,

  said: 'In its console:',
  saidJava: 'The Java machine says that its memory is used up (its own limit, `-Xmx`, not that of the PC):',
  kinds: {
    unreal: 'Crash report of the Unreal engine',
    minecraft: 'Crash report of Minecraft',
    jvm: 'Error report of the Java machine',
  },
  nothingSaid: 'Nothing: it left no crash report that is known here.',
  noLines: 'None: it printed nothing that reached this panel.',
  noSamples: 'None: it ended before the first measurement.',
  thinned: (shown, all) =>
    `${shown} of ${all} measurements, with the highest and lowest; all of them are in the file below.`,
  columns: {
    time: 'Time',
    cpu: 'CPU (one core)',
    memory: 'Memory',
    players: 'Players',
    threads: 'Threads',
    ioRead: 'Read',
    ioWrite: 'Written',
    tickRate: 'Ticks/s',
    frameTime: 'Frame time',
    apiTime: 'Answer time',
    hostCpu: 'PC CPU',
    hostMemory: 'PC memory',
  },
  thisReport: 'Everything in this report, as JSON',
  console: 'Console',
  gameReport: 'Report of the game',
};

const korean: Texts = {
  ...valueTexts.ko,
  title: (name) => `${name} 크래시 보고서`,
  between: (from, to) => `${from}부터 ${to} 사이`,
  whatHappened: '무슨 일이 있었나',
  gameSays: '게임이 남긴 말',
  lastLines: '마지막 콘솔 내용',
  lastMinutes: '마지막 5분',
  files: '파일',

  ended: '종료 원인',
  ranFor: '가동 시간',
  players: '접속 중이던 플레이어',
  world: '월드',
  next: '재시작',
  memory: '메모리',
  cpu: 'CPU',
  pc: 'PC',

  causes: {
    asked: '요청에 따라 종료되었습니다',
    'stopped-from-inside': '게임에서 종료되었습니다',
    crash: '크래시가 났습니다',
    oom: '메모리가 부족해 시스템이 강제로 종료했습니다',
    'killed-outside': '이 패널이 아닌 외부에서 강제로 종료했습니다',
    'start-failed': '준비되기 전에 종료되었습니다',
    'host-restart': 'PC가 다시 시작되었습니다',
    unknown: '종료되었지만 원인은 알 수 없습니다',
  },
  signal: (name, meaning) => (meaning === undefined ? `${name} 신호` : `${name} 신호, ${meaning}`),
  exitCode: (code, meaning) => (meaning === undefined ? `종료 코드 ${code}` : `종료 코드 ${code}, ${meaning}`),
  noExit: '종료 코드 알 수 없음',
  signals: {
    SIGSEGV: '잘못된 메모리 접근',
    SIGBUS: '잘못된 메모리 접근',
    SIGABRT: '프로그램이 자체 오류로 중단됨',
    SIGILL: '잘못된 기계어 명령',
    SIGFPE: '0으로 나누기 같은 연산 오류',
    SIGTRAP: '프로그램 내부 검사 실패',
    SIGSYS: '금지된 시스템 호출',
    SIGKILL: '강제 종료',
    SIGTERM: '종료 요청',
    SIGINT: '종료 요청',
    SIGHUP: '종료 요청',
    SIGQUIT: '종료 요청',
    SIGPIPE: '연결 상대가 사라짐',
    SIGXCPU: 'CPU 시간 한도 초과',
    SIGXFSZ: '파일 크기 한도 초과',
  },
  exitCodes: {
    126: '프로그램을 실행할 수 없음',
    127: '프로그램을 찾을 수 없음',
    0xc0000005: '잘못된 메모리 접근',
    0xc0000017: '메모리 부족',
    0xc000001d: '잘못된 기계어 명령',
    0xc0000094: '0으로 나누기',
    0xc00000fd: '스택 넘침',
    0xc0000135: '필요한 DLL이 없음',
    0xc000013a: '종료 요청',
    0xc0000142: '필요한 DLL을 불러올 수 없음',
    0xc0000374: '메모리 손상',
    0xc0000409: '프로그램이 자체 오류로 중단됨',
  },
  unrealFatal: '언리얼 엔진의 치명적 오류',
  notWatched: '그때는 모니터링이 실행되고 있지 않았습니다.',
  memoryRanOut: '같은 때에 메모리가 부족해 시스템이 프로그램을 강제로 종료했습니다.',

  notKnown: '알 수 없음',
  notKnownNobodyWatched: '알 수 없음(모니터링 없음)',
  nobody: '없음',
  online: (count, names) => `${count}명: ${names}`,
  saveRunning: '세이브하는 중이었습니다. 세이브가 불완전할 수 있습니다.',
  fewSeconds: '몇 초',
  demoServer: '데모 서버',
  lastSave: (ago) => `마지막 세이브는 종료 ${ago} 전입니다. 그 뒤의 플레이는 사라졌을 수 있습니다.`,
  noSave: '알 수 없음(확인된 세이브 없음)',
  stays: '직접 시작할 때까지 꺼져 있습니다.',
  restart: (at, used, max) => `${at}에 자동으로 재시작합니다(그 전까지 재시작 ${used}/${max}회).`,
  gaveUp: (used) => `재시작 실패. ${used}회 재시작해도 나아지지 않아 꺼져 있습니다.`,
  atEnd: (value) => `종료 직전 ${value}`,
  atEndAndBefore: (value, before, ago) => `종료 직전 ${value}, ${ago} 전 ${before}`,
  ofOneCore: (percent) => `코어 하나 기준 ${percent}`,
  pcLoad: (cpu, memory, total) => `CPU ${cpu}, 메모리 ${total === null ? '' : `${total} 중 `}${memory}`,

  said: '콘솔 내용:',
  saidJava: '자바 가상 머신의 메모리가 부족합니다(PC가 아니라 `-Xmx` 한도):',
  kinds: {
    unreal: '언리얼 엔진의 크래시 보고서',
    minecraft: '마인크래프트의 크래시 보고서',
    jvm: '자바 가상 머신의 오류 보고서',
  },
  nothingSaid: '없습니다. 게임이 남긴 크래시 보고서를 찾지 못했습니다.',
  noLines: '없습니다. 패널에 전달된 출력이 없습니다.',
  noSamples: '없습니다. 첫 측정 전에 종료되었습니다.',
  thinned: (shown, all) => `측정값 ${all}개 중 최고와 최저를 포함한 ${shown}개입니다. 전체는 아래 파일에 있습니다.`,
  columns: {
    time: '시각',
    cpu: 'CPU(코어 하나)',
    memory: '메모리',
    players: '플레이어',
    threads: '스레드',
    ioRead: '읽기',
    ioWrite: '쓰기',
    tickRate: '초당 틱',
    frameTime: '프레임 시간',
    apiTime: '응답 시간',
    hostCpu: 'PC CPU',
    hostMemory: 'PC 메모리',
  },
  thisReport: '이 보고서의 모든 내용(JSON)',
  console: '콘솔',
  gameReport: '게임의 보고서',
};

export const texts: Readonly<Record<Language, Texts>> = { en: english, ko: korean };
