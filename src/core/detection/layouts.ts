/** How a game's server lies in its folder. Paths with / from there; the first of each list that is there is taken. */
export interface Layout {
  readonly game: string;
  /** That it is this game: one of them must be there. */
  readonly shows: readonly string[];
  /** And one of these names has to be in its folder, where `shows` alone could be something else. */
  readonly beside?: readonly string[];
  /** Its owner has to write a script for it: that is taken before the program. */
  readonly isScripted?: true;
  /** What the program has to be told to run as a server at all. */
  readonly args?: readonly string[];
  /** The same for one of its launchers, by its name in lower case. */
  readonly launcherArgs?: Readonly<Record<string, readonly string[]>>;
  /** For the program, on Linux. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Scripts that people write. */
export const ownScripts = [
  ...['start.sh', 'run.sh', 'startserver.sh', 'serverstart.sh', 'start-server.sh'],
  ...['start.bat', 'run.bat', 'startserver.bat', 'serverstart.bat'],
];

/** A jar that is a server of Minecraft (Java). */
export const minecraftJar =
  /(^|[\\/])(minecraft_server|server|paper|purpur|spigot|fabric|forge|neoforge|quilt|velocity)[^\\/]*\.jar$/i;

/** Only what is surely a server, and not a game to play in which a server is hidden. */
export const layouts: readonly Layout[] = [
  {
    game: 'palworld',
    shows: [
      'PalServer.sh',
      'PalServer.exe',
      'Pal/Binaries/Linux/PalServer-Linux-Shipping',
      'Pal/Binaries/Win64/PalServer-Win64-Shipping-Cmd.exe',
    ],
  },
  {
    game: 'ark-se',
    shows: ['ShooterGame/Binaries/Linux/ShooterGameServer', 'ShooterGame/Binaries/Win64/ShooterGameServer.exe'],
    args: ['TheIsland?listen', '-server', '-log'],
  },
  {
    game: 'ark-sa',
    shows: ['ShooterGame/Binaries/Win64/ArkAscendedServer.exe'],
    args: ['TheIsland_WP?listen', '-server', '-log'],
  },
  {
    game: 'minecraft-bedrock',
    shows: ['bedrock_server', 'bedrock_server.exe'],
    isScripted: true,
    env: { LD_LIBRARY_PATH: '.' },
  },
  {
    game: 'valheim',
    shows: ['valheim_server.x86_64', 'valheim_server.exe'],
  },
  {
    game: 'terraria',
    shows: ['TerrariaServer', 'TerrariaServer.bin.x86_64', 'TShock.Server', 'TShock.Server.exe', 'TerrariaServer.exe'],
    isScripted: true,
  },
  {
    game: 'factorio',
    shows: ['bin/x64/factorio', 'bin/x64/factorio.exe'],
    beside: ['data'],
    args: ['--start-server-load-latest'],
  },
  {
    game: 'rust',
    shows: ['RustDedicated', 'RustDedicated.exe'],
    isScripted: true,
    args: ['-batchmode', '-nographics'],
  },
  {
    game: '7dtd',
    shows: ['7DaysToDieServer.x86_64', '7DaysToDieServer.exe'],
    launcherArgs: { 'startserver.sh': ['-configfile=serverconfig.xml'] },
  },
  {
    game: 'satisfactory',
    shows: ['FactoryServer.sh', 'FactoryServer.exe', 'Engine/Binaries/Linux/FactoryServer-Linux-Shipping'],
  },
  {
    game: 'project-zomboid',
    shows: ['start-server.sh', 'StartServer64.bat'],
    beside: ['ProjectZomboid64', 'ProjectZomboid64.json'],
  },
  {
    game: 'v-rising',
    shows: ['VRisingServer.exe'],
  },
  { game: 'enshrouded', shows: ['enshrouded_server.exe'] },
  {
    game: 'core-keeper',
    shows: ['CoreKeeperServer', 'CoreKeeperServer.exe'],
  },
  {
    game: 'dst',
    shows: [
      'bin64/dontstarve_dedicated_server_nullrenderer_x64',
      'bin/dontstarve_dedicated_server_nullrenderer',
      'bin/dontstarve_dedicated_server_nullrenderer.exe',
    ],
  },
];
