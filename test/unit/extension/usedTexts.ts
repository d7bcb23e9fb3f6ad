import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

export interface UsedText {
  /** undefined: the first argument is no literal, so nobody can translate it. */
  readonly key: string | undefined;
  readonly placeholders: number;
  readonly given: number;
  readonly at: string;
}

/** Every call of `t('…')` or `….t('…')` below a folder. */
export function usedTexts(folder: string): UsedText[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => textsIn(join(folder, file), file));
}

function textsIn(file: string, name: string): UsedText[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: UsedText[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTranslate(node.expression)) {
      const [first, ...rest] = node.arguments;
      const key = first !== undefined && ts.isStringLiteralLike(first) ? first.text : undefined;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({
        key,
        placeholders: placeholdersOf(key ?? '').length,
        given: rest.length,
        at: `${name}:${line + 1}`,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isTranslate(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 't';
  return ts.isPropertyAccessExpression(callee) && callee.name.text === 't';
}

export function placeholdersOf(text: string): string[] {
  return [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();
}
