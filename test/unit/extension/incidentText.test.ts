import { describe, expect, test } from 'vitest';
import {
  documentLanguage,
  documentName,
  incidentItem,
  type IncidentEntry,
} from '../../../src/extension/incidents/incidentText.js';
import { noon, reader, t } from './fixtures.js';

describe('a crash to choose from', () => {
  const crash: IncidentEntry = { at: noon - 7_500_000, cause: 'crash', code: null, signal: 'SIGSEGV' };

  test.each<[Partial<IncidentEntry>, string]>([
    [{}, 'Crashed (SIGSEGV)'],
    [{ code: 3, signal: null }, 'Crashed (exit 3)'],
    [{ cause: 'oom', signal: 'SIGKILL' }, 'Out of memory (SIGKILL)'],
    [{ cause: 'unknown', signal: null }, 'Cause not known'],
  ])('%j', (change, description) => {
    expect(incidentItem({ ...crash, ...change }, noon, reader).description).toBe(description);
  });

  test('how long ago, and when', () => {
    const { label, detail } = incidentItem(crash, noon, reader);
    expect(label).toBe('2 h 5 min ago');
    expect(detail).toContain('Nov 22, 2026');
  });
});

test('the name of the document', () => {
  const at = new Date(2026, 0, 2, 4, 5, 59).getTime();
  expect(documentName('Pal World', at, t)).toBe('Crash of Pal World 2026-01-02 04.05.md');
  expect(documentName('../a\\b: "c" <d>|\n*?', at, t)).toBe('Crash of .. a b c d 2026-01-02 04.05.md');
  expect(documentName('서버 #1', at, t)).toBe('Crash of 서버 #1 2026-01-02 04.05.md');
});

test('the language of the document', () => {
  expect(documentLanguage('auto', 'ko')).toBe('ko');
  expect(documentLanguage('auto', 'ko-KR')).toBe('ko');
  expect(documentLanguage('auto', 'en')).toBe('en');
  expect(documentLanguage('auto', 'kok')).toBe('en');
  expect(documentLanguage('en', 'ko')).toBe('en');
  expect(documentLanguage('ko', 'de')).toBe('ko');
});
