import { describe, expect, test } from 'vitest';
import {
  parseJvmError,
  parseMinecraftReport,
  parseUnrealContext,
} from '../../../../src/core/incidents/crashParsers.js';

describe('CrashContext.runtime-xml of Unreal', () => {
  const context = (inner: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<FGenericCrashContext>
<RuntimeProperties>
<CrashVersion>3</CrashVersion>
<ExecutionGuid>B2C0A9FF4C4E4D2B9D6C</ExecutionGuid>
<IsEnsure>false</IsEnsure>
<CrashType>Assert</CrashType>
${inner}
</RuntimeProperties>
</FGenericCrashContext>`;

  test('message, type, and the beginning of the stack', () => {
    const xml =
      context(`<ErrorMessage>Assertion failed: (Index &gt;= 0) &amp; (Index &lt; ArrayNum) [File:Array.h] [Line: 758]&#xA;Array index out of bounds: &quot;-1&quot; &#39;x&#39;</ErrorMessage>
<CallStack>PalServer-Linux-Shipping!UPalWorkProgress::Tick()
PalServer-Linux-Shipping!FEngineLoop::Tick()
${'libc.so.6!UnknownFunction(0x29d8f)\n'.repeat(60)}</CallStack>
<PCallStack>other</PCallStack>`);
    const excerpt = parseUnrealContext(xml);
    expect(excerpt).toMatchObject({ type: 'Assert' });
    expect(excerpt!.message).toBe(
      'Assertion failed: (Index >= 0) & (Index < ArrayNum) [File:Array.h] [Line: 758]\nArray index out of bounds: "-1" \'x\'',
    );
    expect(excerpt!.lines[0]).toBe('PalServer-Linux-Shipping!UPalWorkProgress::Tick()');
    expect(excerpt!.lines).toHaveLength(20);
  });

  test('the portable stack where the plain one is empty; CDATA as it is', () => {
    const xml = context(`<ErrorMessage><![CDATA[a < b &amp; c]]></ErrorMessage><CallStack></CallStack>
<PCallStack>
ShooterGameServer 0x0000000000400000 + 28ab190
</PCallStack>`);
    expect(parseUnrealContext(xml)).toEqual({
      type: 'Assert',
      message: 'a < b &amp; c',
      lines: ['ShooterGameServer 0x0000000000400000 + 28ab190'],
    });
  });

  test('one that is still being written, or is something else, says nothing', () => {
    expect(parseUnrealContext(context('<ErrorMessage>Assertion fai').slice(0, 260))).toBeUndefined();
    expect(parseUnrealContext('')).toBeUndefined();
    expect(parseUnrealContext('<html></html>')).toBeUndefined();
  });

  test('what is unknown or wrong in it stays as it is; what is endless is cut', () => {
    const xml = context(`<ErrorMessage>&bogus; &#0; &#x110000; &constructor;${'x'.repeat(9000)}</ErrorMessage>`);
    expect(parseUnrealContext(xml)!.message).toMatch(/^&bogus; &#0; &#x110000; &constructor;x+…$/);
    expect(parseUnrealContext(xml)!.message!.length).toBeLessThan(4100);
  });
});

describe('crash report of Minecraft', () => {
  const report = `---- Minecraft Crash Report ----
// Don't be sad. I'll do better next time, I promise!

Time: 2026-11-22 14:03:12
Description: Exception in server tick loop

java.lang.OutOfMemoryError: Java heap space
\tat net.minecraft.world.level.chunk.PalettedContainer.<init>(PalettedContainer.java:71) ~[server.jar:?]
\tat net.minecraft.server.MinecraftServer.tickServer(MinecraftServer.java:885) ~[server.jar:?]
Caused by: java.lang.IllegalStateException: why
\t... 3 more


A detailed walkthrough of the error, its code path and all known details is as follows:
---------------------------------------------------------------------------------------

-- Head --
Thread: Server thread
`;

  test('description, exception, and its stack to the empty line', () => {
    expect(parseMinecraftReport(report)).toEqual({
      type: 'Exception in server tick loop',
      message: 'java.lang.OutOfMemoryError: Java heap space',
      lines: [
        '\tat net.minecraft.world.level.chunk.PalettedContainer.<init>(PalettedContainer.java:71) ~[server.jar:?]',
        '\tat net.minecraft.server.MinecraftServer.tickServer(MinecraftServer.java:885) ~[server.jar:?]',
        'Caused by: java.lang.IllegalStateException: why',
        '\t... 3 more',
      ],
    });
  });

  test('from Windows, with a longer stack than anybody reads', () => {
    const long = report.replace('\t... 3 more', '\tat x.y.Z(Z.java:1)\n'.repeat(50)).replace(/\n/g, '\r\n');
    expect(parseMinecraftReport(long)!.lines).toHaveLength(20);
    expect(parseMinecraftReport(long)!.message).toBe('java.lang.OutOfMemoryError: Java heap space');
  });

  test('one without a description, or without anything behind it, says nothing', () => {
    expect(parseMinecraftReport('Time: now\n\njava.lang.Error')).toBeUndefined();
    expect(parseMinecraftReport(report.slice(0, report.indexOf('java.lang')))).toBeUndefined();
  });
});

describe('hs_err_pid*.log of a Java machine', () => {
  test('what it was, and the frame', () => {
    const log = `#
# A fatal error has been detected by the Java Runtime Environment:
#
#  SIGSEGV (0xb) at pc=0x00007f3c2c4a1a3d, pid=4242, tid=4243
#
# JRE version: OpenJDK Runtime Environment (21.0.4+7) (build 21.0.4+7-LTS)
# Problematic frame:
# C  [libzip.so+0x4a3d]  newEntry+0x3d
#
# Core dump will be written. Default location: /srv/mc/core.4242
#

---------------  S U M M A R Y ------------
${'Command Line: x\n'.repeat(60)}`;
    const excerpt = parseJvmError(log)!;
    expect(excerpt).toMatchObject({ type: 'SIGSEGV (0xb)', message: 'C  [libzip.so+0x4a3d]  newEntry+0x3d' });
    expect(excerpt.lines).toHaveLength(30);
  });

  test('no memory for it: the PC has run out, not its own limit', () => {
    const log = `#
# There is insufficient memory for the Java Runtime Environment to continue.
# Native memory allocation (mmap) failed to map 536870912 bytes for committing reserved memory.
`;
    expect(parseJvmError(log)).toMatchObject({
      type: 'Native memory allocation (mmap) failed to map 536870912 bytes for committing reserved memory.',
      message: null,
    });
  });

  test('something else says nothing', () => {
    expect(parseJvmError('hello\n')).toBeUndefined();
  });
});
