import type { EventSink, HistoryEvent } from '../ports.js';

export interface EventHubParts {
  /** Where events are kept. */
  readonly sinks: readonly EventSink[];
  /** To clients. Never throws. */
  broadcast(event: HistoryEvent): void;
}

/** Hands every event to all that keep events, then to clients: who is told of one finds it. */
export class EventHub implements EventSink {
  constructor(private readonly parts: EventHubParts) {}

  add(event: HistoryEvent): void {
    for (const sink of this.parts.sinks) sink.add(event);
    this.parts.broadcast(event);
  }
}
