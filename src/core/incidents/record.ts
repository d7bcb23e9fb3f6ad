import * as v from 'valibot';

const amount = v.nullable(v.number());

const pointSchema = v.object({
  at: v.number(),
  ...{ cpu: amount, memory: amount, ioRead: amount, ioWrite: amount, threads: amount, players: amount },
  ...{ tickRate: amount, frameTime: amount, apiTime: amount, hostCpu: amount, hostMemory: amount },
});

const exitSchema = v.object({
  code: v.nullable(v.number()),
  signal: v.nullable(v.string()),
  cause: v.picklist([
    ...(['asked', 'stopped-from-inside', 'crash', 'oom'] as const),
    ...(['killed-outside', 'start-failed', 'host-restart', 'unknown'] as const),
  ]),
  at: v.number(),
});

const reportSchema = v.object({
  kind: v.picklist(['unreal', 'minecraft', 'jvm']),
  file: v.string(),
  /** The game's own word for what it was: "Assert", "GPUCrash", "SIGSEGV (0xb)". */
  type: v.nullable(v.string()),
  message: v.nullable(v.string()),
  /** The first lines of its stack. */
  lines: v.array(v.string()),
});

/** The restart rules' answer: it stays down, comes back at `at` (Unix milliseconds), or has fallen too often. */
const nextSchema = v.object({
  is: v.picklist(['stays', 'restart', 'gave-up']),
  at: v.nullable(v.number()),
  used: v.number(),
  max: v.number(),
});

/** One file per end that nobody asked for. Times: Unix milliseconds; sizes: bytes; null: not known. */
export const incidentSchema = v.object({
  version: v.literal(1),
  id: v.string(),
  name: v.string(),
  game: v.string(),
  exit: exitSchema,
  writtenAt: v.number(),
  pid: v.number(),
  startedAt: v.number(),
  /** It had been up: no failed start. */
  wasUp: v.boolean(),
  /** False where it ended while no monitoring ran: there are no samples then, and no players. */
  isWatched: v.boolean(),
  players: v.nullable(v.array(v.string())),
  isSaving: v.nullable(v.boolean()),
  lastSaveAt: amount,
  /** It was killed, and the kernel had just killed for want of memory: also where it is called a failed start. */
  byOom: v.boolean(),
  next: nextSchema,
  memoryTotal: amount,
  samples: v.nullable(v.array(pointSchema)),
  consoleFile: v.string(),
  lines: v.array(v.string()),
  /** The first of these lines that matches the definition's crash pattern. */
  said: v.nullable(v.string()),
  /** The first of these lines in which a Java machine says that its memory is used up. */
  outOfMemory: v.nullable(v.string()),
  report: v.nullable(reportSchema),
});

export type Incident = v.InferOutput<typeof incidentSchema>;
export type IncidentPoint = v.InferOutput<typeof pointSchema>;
export type GameReport = v.InferOutput<typeof reportSchema>;

/** What a list needs; the rest of a file is not looked at. */
export const entrySchema = v.object({ version: v.literal(1), exit: exitSchema });

/** The ends that are put on record. */
export const recordedCauses: ReadonlySet<Incident['exit']['cause']> = new Set([
  ...(['crash', 'oom', 'killed-outside', 'start-failed', 'unknown'] as const),
]);
