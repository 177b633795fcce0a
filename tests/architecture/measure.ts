import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/** What is measured of a file, in lines. */
export interface Measure {
  /** '<file>', '<file> function <name>', '<file> script' or '<file> markup'. */
  readonly what: string;
  readonly limit: number;
  readonly lines: number;
}

/** The house's limits: two are hard for new code, two are what a component should stay below. */
export const limits = { file: 400, function: 70, script: 60, markup: 120 } as const;

const folders = ['src', 'server', 'scripts', 'tests'];
const left = /(^|\/)(node_modules|i18n\/compiled|i18n\/collected|output)(\/|$)/;

/** Every source file below a root, with '/' between folders. */
export function sourceFiles(root: string): string[] {
  const walk = (folder: string): string[] =>
    fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const name = `${folder}/${entry.name}`;
      if (left.test(name)) return [];
      if (entry.isDirectory()) return walk(name);
      return /[.](ts|mjs|cjs|js|svelte)$/.test(entry.name) ? [name] : [];
    });
  return folders.filter((folder) => fs.existsSync(path.join(root, folder))).flatMap(walk);
}

/** Measures one file. A component is its script and its markup; its style is not counted. */
export function measureFile(file: string, text: string): Measure[] {
  if (!file.endsWith('.svelte'))
    return [{ what: file, limit: limits.file, lines: linesOf(text) }, ...functionsOf(file, text)];
  const blocks = [...text.matchAll(/<(script|style)[^>]*>([\s\S]*?)<\/\1>/g)];
  const scripts = blocks.filter(([, tag]) => tag === 'script').map(([, , body]) => body as string);
  const markup = text.replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '');
  return [
    { what: file, limit: limits.file, lines: linesOf(text) },
    { what: `${file} script`, limit: limits.script, lines: linesOf(scripts.join('\n')) },
    { what: `${file} markup`, limit: limits.markup, lines: linesOf(markup) },
    ...scripts.flatMap((script) => functionsOf(file, script)),
  ];
}

function linesOf(text: string): number {
  const trimmed = text.trim();
  return trimmed === '' ? 0 : trimmed.split('\n').length;
}

function functionsOf(file: string, text: string): Measure[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  const found: Measure[] = [];
  const visit = (node: ts.Node): void => {
    if (isFunction(node) && !isTestGroup(node)) {
      const [from, to] = [node.getStart(source), node.getEnd()].map(
        (at) => source.getLineAndCharacterOfPosition(at).line,
      );
      const lines = (to as number) - (from as number) + 1;
      found.push({ what: `${file} function ${nameOf(node)}`, limit: limits.function, lines });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/** `describe(…, () => { … })` is a heading with tests under it, not a function somebody has to understand. */
function isTestGroup(node: ts.Node): boolean {
  return ts.isCallExpression(node.parent) && /^describe\b/.test(node.parent.expression.getText());
}

function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (node.name) return node.name.getText();
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText();
  return ts.isCallExpression(parent) ? `in ${parent.expression.getText().slice(0, 40)}` : 'without a name';
}
