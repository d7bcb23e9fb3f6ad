import { encodingNamed, labelOfCodePage } from '../../shared/encodings.js';
import { ansiCodePage, oemCodePage, usualCodePage } from '../windows/codePages.js';
import { whyNoNative } from '../windows/native.js';

/**
 * The encodings, UTF-8 aside, that programs of this system print in which know nothing better; the likeliest first, none where
 * there is none. On Windows what a game writes itself is mostly in the ANSI code page, and what comes from cmd.exe or .NET in
 * the OEM one, which is another in the West; elsewhere the locale tells.
 */
export function systemEncodings(): readonly string[] {
  const labels = process.platform === 'win32' ? ofWindows() : [ofLocale(process.env)];
  return [...new Set(labels)].filter((label) => label !== undefined && label !== 'utf-8') as string[];
}

function ofWindows(): (string | undefined)[] {
  if (whyNoNative() !== undefined) return [];
  return [ansiCodePage(), oemCodePage(), usualCodePage()].map(labelOfCodePage);
}

/** `ko_KR.eucKR@euro` names one; `C` and `ko_KR` do not. */
export function ofLocale(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '');
  const name = /\.([^@]+)/.exec(locale ?? '')?.[1];
  return name === undefined ? undefined : encodingNamed(name);
}
