// Puts what a bench found into pages between marks. Pure, so that a test can look at it.
import { figure, markdownTable } from './report.mjs';

const begin = (name) => `<!-- bench:${name} -->`;
const end = (name) => `<!-- /bench:${name} -->`;

const product = { en: 'this product', ko: '이 확장' };
/** What stands for the others in Korean, where it is not a name. */
const korean = {
  'minimal loop': '최소 루프',
  'idle Node': '아무것도 안 하는 Node',
  'psutil + SQLite, naive': '단순한 psutil + SQLite',
  nothing: '모니터 없음',
  'this product, not lowered': '이 확장, 우선순위를 낮추지 않음',
  without: '모니터 없음',
};

/** The page with this between the marks of that name; throws where it has none. */
export function replaceBetween(page, name, text) {
  const [from, to] = [page.indexOf(begin(name)), page.indexOf(end(name))];
  if (from < 0 || to < from) throw new Error(`the page has no place for ${name}`);
  return `${page.slice(0, from + begin(name).length)}\n${text}\n${page.slice(to)}`;
}

/** The main rows of a bench in one language, the product's column first, with when and where it was measured. */
export function mainTable(measures, { results, date, machine }, language) {
  const all = [...results.filter(({ isProduct }) => isProduct), ...results.filter(({ isProduct }) => !isProduct)];
  const other = (heading) => (language === 'ko' && korean[heading]) || heading;
  const head = ['', ...all.map(({ heading, isProduct }) => (isProduct ? product[language] : other(heading)))];
  const lines = measures.map(({ title, value }) => [title[language], ...all.map((result) => figure(value(result)))]);
  return `${markdownTable([head, ...lines])}\n\n*${date.slice(0, 10)}, ${machine}*`;
}
