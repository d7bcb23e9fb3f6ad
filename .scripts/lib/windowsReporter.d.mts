export default function report(source: Iterable<object> | AsyncIterable<object>): AsyncGenerator<string, void>;
