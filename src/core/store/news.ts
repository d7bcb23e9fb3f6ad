import type { Dictionary } from './catalogue.js';

/** After this many batches a new name is not said again: by then there has been a snapshot. */
const longest = 2 ** 16;

/**
 * New names are said with the batch that needs them first, and again 1, 2, 4, 8 … batches later: one that is damaged, or
 * that never came to the disk, must not make those behind it meaningless.
 */
export class News {
  private said: { readonly news: Dictionary; age: number }[] = [];

  /** What the next batch has to say. news: what nobody has said yet. */
  next(news: Dictionary): Dictionary {
    for (const one of this.said) one.age++;
    const again = this.said.filter(({ age }) => Number.isInteger(Math.log2(age))).map((one) => one.news);
    this.said = this.said.filter(({ age }) => age < longest);
    if (news.sources.length + news.metrics.length > 0) this.said.push({ news, age: 0 });
    const all = [...again, news];
    return { sources: all.flatMap(({ sources }) => sources), metrics: all.flatMap(({ metrics }) => metrics) };
  }
}
