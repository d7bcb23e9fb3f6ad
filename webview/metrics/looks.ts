import type { HostMetric, PanelMetric, PanelTexts } from '../../src/shared/panelMessages.js';
import type { ChartUnit } from '../shared/charts/scale.js';
import type { Line } from '../shared/charts/series.js';

/** How a metric of the server is drawn, each in a chart of its own. */
export const looks = {
  cpu: { unit: 'percent', tone: 'blue' },
  memory: { unit: 'bytes', tone: 'purple' },
  players: { unit: 'count', tone: 'green' },
  tickRate: { unit: 'perSecond', tone: 'orange' },
  frameTime: { unit: 'milliseconds', tone: 'orange' },
  apiTime: { unit: 'milliseconds', tone: 'yellow' },
} as const satisfies Record<PanelMetric, { unit: ChartUnit; tone: Line['tone'] }>;

type Look = Pick<Line, 'tone' | 'isDotted'> & { unit: ChartUnit; text: keyof PanelTexts };

/** The same of the PC: a colour for each thing that is used, and dots for how much programs waited for it. */
export const hostLooks = {
  cpu: { unit: 'percent', tone: 'blue', isDotted: false, text: 'cpu' },
  memoryUsed: { unit: 'percent', tone: 'purple', isDotted: false, text: 'memory' },
  swapUsed: { unit: 'percent', tone: 'green', isDotted: false, text: 'hostSwap' },
  pressureCpu: { unit: 'percent', tone: 'blue', isDotted: true, text: 'hostPressureCpu' },
  pressureMemory: { unit: 'percent', tone: 'purple', isDotted: true, text: 'hostPressureMemory' },
  pressureIo: { unit: 'percent', tone: 'orange', isDotted: true, text: 'hostPressureIo' },
  netIn: { unit: 'bytesPerSecond', tone: 'blue', isDotted: false, text: 'hostNetIn' },
  netOut: { unit: 'bytesPerSecond', tone: 'orange', isDotted: false, text: 'hostNetOut' },
} as const satisfies Record<HostMetric, Look>;

/** One chart for each unit of the PC's. */
export const hostCharts = [
  { unit: 'percent', heading: 'hostLoad' },
  { unit: 'bytesPerSecond', heading: 'hostNetwork' },
] as const satisfies readonly { unit: ChartUnit; heading: keyof PanelTexts }[];
