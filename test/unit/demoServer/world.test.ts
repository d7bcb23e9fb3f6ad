import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadWorld, newWorld, parseWorld, saveWorld } from '../../../src/demoServer/world.js';

const regions = () => Promise.resolve(0);

describe('the world file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'demo-world-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('comes back as it was saved, in a folder that was not there', async () => {
    const path = join(folder, 'a', 'b', 'w.json');
    expect(await loadWorld(path, 1)).toEqual({ world: newWorld(), movedTo: null });
    const world = { saves: 4, savedAt: 123, day: 2, tick: 24_001, players: ['Ann'], blocks: 77 };
    const bytes = await saveWorld(path, world, async (file) => {
      await file.writeFile('regions');
      return 7;
    });
    expect(bytes).toBe(7 + readFileSync(path).length);
    expect(await loadWorld(path, 1)).toEqual({ world, movedTo: null });
    expect(readFileSync(`${path}.regions`, 'utf8')).toBe('regions');
    expect(readdirSync(join(folder, 'a', 'b')).sort()).toEqual(['w.json', 'w.json.regions']);
  });

  it('may have been written by something that knows only the two fields', () => {
    expect(parseWorld('{"saves": 3, "savedAt": 9, "tick": "x", "players": [1, "Bo"]}')).toEqual({
      ...newWorld(),
      saves: 3,
      savedAt: 9,
      players: ['Bo'],
    });
  });

  it.each(['', '{', 'null', '[]', '7', '{"saves":1}', '{"saves":-1,"savedAt":1}', '{"saves":"1","savedAt":1}'])(
    'is moved aside when it is damaged: %j',
    async (text) => {
      const path = join(folder, 'w.json');
      writeFileSync(path, text);
      expect(await loadWorld(path, 42)).toEqual({ world: newWorld(), movedTo: `${path}.broken-42` });
      expect(readFileSync(`${path}.broken-42`, 'utf8')).toBe(text);
      expect(readdirSync(folder)).toEqual(['w.json.broken-42']);
    },
  );

  it('is not replaced when it cannot be read', async () => {
    const path = join(folder, 'w.json');
    mkdirSync(path);
    await expect(loadWorld(path, 1)).rejects.toThrow('EISDIR');
    expect(readdirSync(folder)).toEqual(['w.json']);
  });

  it('stays as it was when a save fails, with nothing left behind', async () => {
    const path = join(folder, 'w.json');
    await saveWorld(path, { ...newWorld(), saves: 1 }, regions);
    const before = readFileSync(path, 'utf8');
    const full = async () => {
      await Promise.resolve();
      throw new Error('ENOSPC: no space left on device, write');
    };
    await expect(saveWorld(path, { ...newWorld(), saves: 2 }, full)).rejects.toThrow('ENOSPC');
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(readdirSync(folder).sort()).toEqual(['w.json', 'w.json.regions']);
  });
});
