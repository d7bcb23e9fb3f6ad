import type { Alert } from '../../shared/contract.js';
import type { Translate } from '../translate.js';

/** Why the history is not recorded, or what became of a damaged one, and what to do: whole sentences. */
export function historyText({ rule, data }: Alert, t: Translate): string {
  return rule === 'history-stopped' ? stoppedText(data, t) : damagedText(data, t);
}

function stoppedText({ trouble, folder, file }: Alert['data'], t: Translate): string {
  const place = typeof folder === 'string' ? folder : '?';
  const name = typeof file === 'string' ? file : '?';
  switch (trouble) {
    case 'disk-full':
      return t(
        'The disk is full, so the history is not saved. Free some space for {0}; what was measured is saved then.',
        place,
      );
    case 'read-only':
      return t(
        'The history cannot be saved: writing to {0} is not allowed. Change that; what was measured is saved then.',
        place,
      );
    case 'newer':
      return t(
        'The history is of a newer version and stays as it is. Update the extension; until then nothing is recorded.',
      );
    case 'unreadable':
      return t('The history cannot be read: look at {0} in {1}. It is tried again every half minute.', name, place);
    default:
      return t(
        'The history cannot be saved: the disk of {0} reports errors. What was measured is kept in memory.',
        place,
      );
  }
}

function damagedText({ found, aside }: Alert['data'], t: Translate): string {
  const kept = typeof aside === 'string' ? aside : undefined;
  if (found === 'database-foreign') {
    return t(
      'metrics.db was the file of another program. It is kept as {0}, and a new history was begun.',
      kept ?? '?',
    );
  }
  if (found === 'database-missing') {
    return t('metrics.db was gone. Only what was recorded last could be recovered.');
  }
  const what = t('The history was damaged. What could be read was recovered.');
  return kept === undefined ? what : `${what} ${t('The damaged file is kept as {0}.', kept)}`;
}
