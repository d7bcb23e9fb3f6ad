import type { EventQuery, EventSink, EventSource, HistoryEvent } from '../ports.js';

const most = 2000;

/** The latest events, in memory. */
export class EventRing implements EventSink, EventSource {
  private readonly events: HistoryEvent[] = [];

  add(event: HistoryEvent): void {
    if (this.events.push(event) > most) this.events.shift();
  }

  async find({ id, from, to, kinds, limit }: EventQuery): Promise<HistoryEvent[]> {
    const isWanted = (event: HistoryEvent): boolean =>
      event.at >= from && event.at <= to && (id ?? event.id) === event.id && (kinds?.includes(event.kind) ?? true);
    const found = this.events.filter(isWanted).sort((a, b) => a.at - b.at);
    return await Promise.resolve(found.slice(-limit));
  }
}
