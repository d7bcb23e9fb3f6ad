import { Failure, messageOf } from '../shared/failure.js';

/** Why there is no connection; the text is made where it is shown. */
export type DownReason = 'reload-needed' | 'files-missing' | 'cannot-start' | 'no-answer' | 'refused';

/** What somebody is told who wants to do something meanwhile. */
export function failureFor(reason: DownReason | undefined): Failure {
  if (reason === 'reload-needed') return new Failure('protocol-mismatch');
  return new Failure(reason === 'refused' ? 'unauthorized' : 'unreachable');
}

/** The reason, and what stands behind it for those who want to know more. */
export function reasonOf(error: unknown): [DownReason, string] {
  if (!Failure.is(error)) return ['cannot-start', messageOf(error)];
  const detail = error.data.detail ?? error.data.file;
  const text = typeof detail === 'string' ? detail : error.message;
  switch (error.code) {
    case 'protocol-mismatch':
      return ['reload-needed', text];
    case 'command-not-found':
      return ['files-missing', text];
    case 'start-failed':
    case 'io':
      return ['cannot-start', text];
    case 'unauthorized':
      return ['refused', text];
    default:
      return ['no-answer', text];
  }
}
