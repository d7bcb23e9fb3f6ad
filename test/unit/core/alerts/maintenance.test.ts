import { beforeEach, expect, test } from 'vitest';
import { Maintenance } from '../../../../src/core/alerts/maintenance.js';
import { alertPolicy, type AlertPolicy } from '../../../../src/core/alerts/policy.js';

let now: number;
let set: Record<string, { until?: number | null }>;
let isWritable: boolean;
let changed: string[];
let logged: string[];
let maintenance: Maintenance;

beforeEach(() => {
  now = 1_800_000_000_000;
  set = {};
  isWritable = true;
  changed = [];
  logged = [];
  maintenance = new Maintenance({
    log: { write: (level, _, text) => logged.push(`${level} ${text}`) },
    policy: (): AlertPolicy => alertPolicy({ maintenance: set }),
    keep: (change) => {
      if (!isWritable) throw new Error('full');
      for (const [id, value] of Object.entries(change)) {
        if (value === null) set = Object.fromEntries(Object.entries(set).filter(([name]) => name !== id));
        else set = { ...set, [id]: value };
      }
    },
    changed: (id) => changed.push(id),
    now: () => now,
  });
});

test('is shown as long as it lasts, by a person or by its time', () => {
  expect(maintenance.of('demo')).toBeUndefined();
  maintenance.set('demo', true, undefined);
  expect(maintenance.of('demo')).toEqual({ until: null });
  expect(maintenance.nextEndMs).toBeNull();
  maintenance.set('demo', true, now + 5000);
  expect(maintenance.of('demo')).toEqual({ until: now + 5000 });
  expect(maintenance.nextEndMs).toBe(5000);
  maintenance.set('demo', false, undefined);
  expect(maintenance.of('demo')).toBeUndefined();
  expect(set).toEqual({});
  expect(changed).toEqual(['demo', 'demo', 'demo']);
});

test('ends by its time, is told once, and leaves nothing behind', () => {
  maintenance.set('demo', true, now + 5000);
  maintenance.set('other', true, undefined);
  now += 4999;
  maintenance.review();
  expect(changed).toEqual(['demo', 'other']);
  now += 1;
  expect(maintenance.of('demo')).toBeUndefined();
  maintenance.review();
  maintenance.review();
  expect(changed).toEqual(['demo', 'other', 'demo']);
  expect(Object.keys(set)).toEqual(['other']);
  maintenance.set('demo', true, now + 5000);
  now += 5000;
  maintenance.review();
  expect(changed.slice(3)).toEqual(['demo', 'demo']);
});

test('ends by its time also where the settings cannot be written', () => {
  maintenance.set('demo', true, now + 5000);
  isWritable = false;
  expect(() => {
    maintenance.set('demo', false, undefined);
  }).toThrow('full');
  now += 5000;
  for (let n = 0; n < 5; n++) maintenance.review();
  expect(changed).toEqual(['demo', 'demo']);
  expect(logged).toHaveLength(1);
  expect(maintenance.of('demo')).toBeUndefined();
});

test('of the past is refused; to end what is not there writes nothing', () => {
  expect(() => {
    maintenance.set('demo', true, now);
  }).toThrow('invalid-definition');
  maintenance.set('demo', false, undefined);
  maintenance.forget('demo');
  expect([set, changed]).toEqual([{}, []]);
});

test('goes with its server', () => {
  maintenance.set('demo', true, undefined);
  maintenance.forget('demo');
  expect(set).toEqual({});
});
