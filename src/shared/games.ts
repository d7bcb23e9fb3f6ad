import type { Definition } from './contract.js';

type Patterns = NonNullable<Definition['patterns']>;
type Stop = NonNullable<Definition['stop']>;

/** What a game makes of the RCON protocol; the core has a row for each. */
export type RconDialect = 'source' | 'minecraft' | 'ark' | 'factorio' | 'palworld';

/**
 * One row per game: what is known without asking the game. A definition's own fields win over its row.
 * `executables` are base names of the process that really runs the game (not of a launcher script), lower case, as
 * seen in argv[0] or argv[1]; they serve to find running servers.
 */
export interface GameRow {
  readonly id: string;
  readonly label: string;
  readonly executables: readonly string[];
  readonly patterns?: Readonly<Patterns>;
  /** How it ends in an orderly way. A line goes to its console; a signal is sent to its process group. */
  readonly stop: Readonly<Pick<Stop, 'line' | 'signal'>>;
  /** Signals end it at once, and what was not saved is lost: they are never sent on our own account. */
  readonly signalsLoseWorld?: true;
  /** Its console where it does not read its stdin: a port of the definition's `connection`, with a password. */
  readonly channel?: 'econ' | 'rcon';
  /** How its RCON speaks, where it has one. */
  readonly rcon?: RconDialect;
  /** Known to read its stdin also where that is no terminal: the way to it before RCON, where we have started it. */
  readonly readsStdin?: true;
  /** A line for its console that saves the world. */
  readonly saveLine?: string;
  /** A line for its console that tells the players something; {text} is replaced. */
  readonly sayLine?: string;
  /** Countdown before a graceful stop, seconds. */
  readonly announceSeconds: readonly number[];
}

const countdown = [60, 30, 10, 5] as const;

/**
 * Sources of the patterns and stop ways: the games' own output and documents as collected by LinuxGSM, AMP templates and
 * Pterodactyl eggs. Luanti, OpenTTD, OpenArena, Teeworlds, Armagetron, Freeciv and BZFlag were run and seen, and are by the tests.
 */
const rows = [
  {
    id: 'palworld',
    label: 'Palworld',
    executables: ['palserver-linux-shipping', 'palserver-win64-shipping-cmd.exe', 'palserver-win64-shipping.exe'],
    patterns: { ready: 'Running Palworld dedicated server on' },
    channel: 'rcon',
    rcon: 'palworld',
    stop: { signal: 'SIGINT' },
    announceSeconds: countdown,
  },
  {
    id: 'minecraft',
    label: 'Minecraft (Java)',
    executables: [],
    patterns: {
      ready: 'Done \\([0-9.,]+s\\)! For help',
      saveEnd: '^(?:\\[[^\\]]*\\] ?)+: Saved the game$',
      join: '^(?:\\[[^\\]]*\\] ?)+: (\\S+) joined the game$',
      leave: '^(?:\\[[^\\]]*\\] ?)+: (\\S+) left the game$',
      stopping: '^(?:\\[[^\\]]*\\] ?)+: Stopping the server$',
      crash:
        '^(?:\\[[^\\]]*\\] ?)+: (?:This crash report has been saved to: |Considering it to be crashed, server will )',
    },
    rcon: 'minecraft',
    readsStdin: true,
    stop: { line: 'stop' },
    saveLine: 'save-all flush',
    sayLine: 'say {text}',
    announceSeconds: countdown,
  },
  {
    id: 'minecraft-bedrock',
    label: 'Minecraft (Bedrock)',
    executables: ['bedrock_server', 'bedrock_server.exe'],
    patterns: { ready: 'Server started\\.', stopping: 'Server stop requested\\.' },
    stop: { line: 'stop' },
    signalsLoseWorld: true,
    sayLine: 'say {text}',
    announceSeconds: countdown,
  },
  {
    id: 'ark-se',
    label: 'ARK: Survival Evolved',
    executables: ['shootergameserver', 'shootergameserver.exe'],
    channel: 'rcon',
    rcon: 'ark',
    stop: { signal: 'SIGINT' },
    announceSeconds: countdown,
  },
  {
    id: 'ark-sa',
    label: 'ARK: Survival Ascended',
    executables: ['arkascendedserver.exe'],
    channel: 'rcon',
    rcon: 'ark',
    stop: { signal: 'SIGINT' },
    announceSeconds: countdown,
  },
  {
    id: 'valheim',
    label: 'Valheim',
    executables: ['valheim_server.x86_64', 'valheim_server.exe'],
    patterns: { ready: 'Game server connected|DungeonDB Start' },
    stop: { signal: 'SIGINT' },
    announceSeconds: [],
  },
  {
    id: 'terraria',
    label: 'Terraria',
    executables: ['terrariaserver', 'terrariaserver.exe', 'terrariaserver.bin.x86_64', 'tshock.server'],
    patterns: { ready: 'Listening on port', join: '(.+) has joined\\.', leave: '(.+) has left\\.' },
    stop: { line: 'exit' },
    signalsLoseWorld: true,
    saveLine: 'save',
    sayLine: 'say {text}',
    announceSeconds: countdown,
  },
  {
    id: 'factorio',
    label: 'Factorio',
    executables: ['factorio', 'factorio.exe'],
    patterns: {
      ready: 'Hosting game at IP ADDR',
      join: '\\[JOIN\\] (\\S+) joined',
      leave: '\\[LEAVE\\] (\\S+) left',
      saveBegin: 'Saving to .+ \\(blocking\\)',
      saveEnd: 'Saving finished',
    },
    rcon: 'factorio',
    readsStdin: true,
    stop: { line: '/quit' },
    saveLine: '/server-save',
    sayLine: '{text}',
    announceSeconds: countdown,
  },
  {
    id: 'rust',
    label: 'Rust',
    executables: ['rustdedicated', 'rustdedicated.exe'],
    patterns: { ready: 'Server startup complete', saveEnd: 'Saving complete' },
    stop: { signal: 'SIGINT' },
    announceSeconds: countdown,
  },
  {
    id: '7dtd',
    label: '7 Days to Die',
    executables: ['7daystodieserver.x86_64', '7daystodieserver.exe'],
    patterns: { ready: 'INF StartGame done' },
    stop: { signal: 'SIGINT' },
    announceSeconds: countdown,
  },
  {
    id: 'cs2',
    label: 'Counter-Strike 2',
    executables: ['cs2', 'cs2.exe'],
    patterns: { ready: 'Connection to Steam servers successful' },
    rcon: 'source',
    stop: { line: 'quit' },
    sayLine: 'say {text}',
    announceSeconds: [],
  },
  {
    id: 'satisfactory',
    label: 'Satisfactory',
    executables: ['factoryserver-linux-shipping', 'factoryserver-win64-shipping-cmd.exe'],
    patterns: { ready: 'Game Engine Initialized' },
    stop: { signal: 'SIGINT' },
    announceSeconds: [],
  },
  {
    id: 'project-zomboid',
    label: 'Project Zomboid',
    executables: ['projectzomboid64', 'projectzomboid64.exe'],
    patterns: { ready: '\\*\\*\\* SERVER STARTED \\*\\*\\*' },
    stop: { line: 'quit' },
    signalsLoseWorld: true,
    saveLine: 'save',
    sayLine: 'servermsg "{text}"',
    announceSeconds: countdown,
  },
  {
    id: 'v-rising',
    label: 'V Rising',
    executables: ['vrisingserver.exe'],
    stop: { signal: 'SIGINT' },
    announceSeconds: [],
  },
  {
    id: 'enshrouded',
    label: 'Enshrouded',
    executables: ['enshrouded_server.exe'],
    stop: { signal: 'SIGINT' },
    announceSeconds: [],
  },
  {
    id: 'core-keeper',
    label: 'Core Keeper',
    executables: ['corekeeperserver', 'corekeeperserver.exe'],
    stop: { signal: 'SIGINT' },
    announceSeconds: [],
  },
  {
    id: 'dst',
    label: "Don't Starve Together",
    executables: [
      'dontstarve_dedicated_server_nullrenderer',
      'dontstarve_dedicated_server_nullrenderer_x64',
      'dontstarve_dedicated_server_nullrenderer.exe',
    ],
    stop: { line: 'c_shutdown()' },
    saveLine: 'c_save()',
    sayLine: 'c_announce("{text}")',
    announceSeconds: countdown,
  },
  {
    id: 'luanti',
    label: 'Luanti (Minetest)',
    executables: ['minetestserver', 'luantiserver', 'luanti-server'],
    patterns: {
      ready: 'Server: Server for gameid=.+ listening on|Server for gameid=.+ listening on',
      join: 'ACTION\\[Server\\]: (\\S+) \\[.+\\] joins game',
      leave: 'ACTION\\[Server\\]: (\\S+) (?:leaves game|times out)',
      stopping: 'signal_handler\\(\\): got SIG|Server: Shutting down',
    },
    stop: { signal: 'SIGTERM' },
    announceSeconds: [],
  },
  {
    id: 'openttd',
    label: 'OpenTTD',
    executables: ['openttd', 'openttd.exe'],
    // The ready and stopping lines are there only with `-d net=3`. What happens to players begins with an invisible
    // character, the mark for left-to-right text.
    patterns: {
      ready: 'Map generated, starting game',
      saveBegin: '^Saving map\\.\\.\\.',
      saveEnd: '^Map successfully saved',
      join: '^\\u200e?\\*\\*\\* (.+) has joined the game',
      leave: '^\\u200e?\\*\\*\\* (.+) has left the game',
      stopping: '^(?:\\[[^\\]]*\\] )?dbg: \\[net(?::\\d+)?\\] Shutting down network',
    },
    stop: { line: 'quit' },
    saveLine: 'save panel',
    sayLine: 'say "{text}"',
    announceSeconds: [],
  },
  {
    id: 'quake3',
    label: 'OpenArena / Quake III',
    executables: ['openarena-server', 'ioq3ded', 'oa_ded.x86_64', 'ioq3ded.x86_64'],
    // A crash that its handler catches ends with the same words and the number of that signal.
    patterns: {
      ready: 'AAS initialized',
      stopping: '^-+ Server Shutdown \\((?:Server quit|Received signal (?:2|15))\\)',
    },
    stop: { line: 'quit' },
    sayLine: 'say {text}',
    announceSeconds: [],
  },
  {
    id: 'teeworlds',
    label: 'Teeworlds',
    executables: ['teeworlds-server', 'teeworlds_srv'],
    patterns: {
      ready: '\\[server\\]: version ',
      stopping: "^\\[[^\\]]*\\]\\[server\\]: (?:cid|ClientID)=\\d+ (?:cmd|rcon)='shutdown'$",
    },
    // It does not read its stdin, and any signal just ends it. It keeps no world, so that is not worse than a lost round.
    channel: 'econ',
    stop: { line: 'shutdown' },
    sayLine: 'say "{text}"',
    announceSeconds: [],
  },
  {
    id: 'armagetron',
    label: 'Armagetron Advanced',
    executables: ['armagetronad-dedicated', 'armagetronad-dedicated.real'],
    patterns: { ready: 'Bound socket to', stopping: 'Closing socket bound to' },
    stop: { line: 'QUIT' },
    sayLine: 'SAY {text}',
    announceSeconds: [],
  },
  {
    id: 'freeciv',
    label: 'Freeciv',
    executables: ['freeciv-server'],
    patterns: { ready: 'Now accepting new client connections', saveEnd: 'Game saved as', stopping: '^Goodbye\\.$' },
    stop: { line: 'quit' },
    saveLine: 'save',
    announceSeconds: [],
  },
  {
    id: 'bzflag',
    label: 'BZFlag',
    executables: ['bzfs'],
    // All but the stopping line are there only with `-d`.
    patterns: {
      ready: 'listening on',
      join: '^Player (.+) \\[\\d+\\] has joined from',
      leave: '^Player (.+) \\[\\d+\\] removed at',
      stopping: 'Shutting down server',
    },
    stop: { signal: 'SIGTERM' },
    announceSeconds: [],
  },
  {
    id: 'demo',
    label: 'Demo server',
    executables: [],
    patterns: {
      ready: 'Ready for players',
      saveBegin: 'Saving world',
      saveEnd: 'World saved',
      join: '^\\[[0-9:]+\\] \\[INFO\\] (\\S+) joined the game$',
      leave: '^\\[[0-9:]+\\] \\[INFO\\] (\\S+) left the game$',
      stopping: 'Stopping server',
      crash: '\\] \\[ERROR\\] Fatal error',
    },
    stop: { line: 'stop' },
    saveLine: 'save',
    sayLine: 'say {text}',
    announceSeconds: [],
  },
  { id: 'other', label: 'Other', executables: [], stop: { signal: 'SIGTERM' }, announceSeconds: [] },
] as const satisfies readonly GameRow[];

/** The catalogue, in the order in which the games are offered. */
export const games: readonly GameRow[] = rows;

const byId = new Map<string, GameRow>(rows.map((row) => [row.id, row]));

/** The line that tells the players a text. Within quotes the text may not end them: what follows would be a command. */
export function sayingLine(sayLine: string, text: string): string {
  const isQuoted = sayLine.includes('"{text}"');
  return sayLine.replace('{text}', () => (isQuoted ? text.replaceAll('"', "'").replaceAll('\\', '/') : text));
}

export function gameRow(id: string): GameRow | undefined {
  return byId.get(id);
}
