// Puts what a bench found into pages between marks. Pure, so that a test can look at it.
import { figure, markdownTable } from './report.mjs';

const begin = (name) => `<!-- bench:${name} -->`;
const end = (name) => `<!-- /bench:${name} -->`;

/** The page with this between the marks of that name; throws where it has none. */
export function replaceBetween(page, name, text) {
  const [from, to] = [page.indexOf(begin(name)), page.indexOf(end(name))];
  if (from < 0 || to < from) throw new Error(`the page has no place for ${name}`);
  return `${page.slice(0, from + begin(name).length)}\n${text}\n${page.slice(to)}`;
}

/** The main rows of a bench in one language, the product's column first, with when and where it was measured. */
export function mainTable(measures, { results, date, machine }, language) {
  const product = results.filter(({ isProduct }) => isProduct);
  const all = [...product, ...results.filter(({ isProduct }) => !isProduct)];
  const names = { en: 'this product', ko: '이 확장' };
  const head = ['', ...all.map(({ heading, isProduct }) => (isProduct ? names[language] : heading))];
  const lines = measures.map(({ title, value }) => [title[language], ...all.map((result) => figure(value(result)))]);
  return `${markdownTable([head, ...lines])}\n\n*${date.slice(0, 10)}, ${machine}*`;
}
