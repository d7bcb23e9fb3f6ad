import type { ErrorCode, Requests } from '../../shared/contract.js';
import { channelLabel } from '../text/channelText.js';
import { milliseconds } from '../text/format.js';
import type { Reader, Translate } from '../translate.js';

type Result = Requests['server/test']['result'][number];

/** What can be done about a result: the commands of the same names, and the test once more. */
export type TestRemedy = 'setPassword' | 'setUpConnection' | 'test-again';

/** A line of the list of results. icon: a codicon; remedy: what choosing it does, undefined where there is nothing to do. */
export interface TestItem {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly remedy: TestRemedy | undefined;
}

/** A line for each way that is set up, then what can be done, the most helpful first. */
export function testItems(results: readonly Result[], reader: Reader): TestItem[] {
  const { t } = reader;
  const lines = results.map((result) => resultItem(result, reader));
  const needed = new Set(lines.flatMap(({ remedy }) => remedy ?? []));
  needed.add(results.length === 0 ? 'setUpConnection' : 'test-again');
  return [...lines, ...[...needed].map((remedy) => remedyItem(remedy, t))];
}

function resultItem({ channel, ok, code, tookMs }: Result, reader: Reader): TestItem {
  const { t } = reader;
  const label = channelLabel(channel, t);
  if (ok) {
    const description = t('answers in {0}', milliseconds(tookMs, reader));
    return { label, description, icon: 'pass', remedy: undefined };
  }
  return { label, description: faultText(code, t), icon: 'error', remedy: remedyFor(code) };
}

function faultText(code: ErrorCode | null, t: Translate): string {
  switch (code) {
    case 'auth-rejected':
      return t('wrong password');
    case 'secret-missing':
      return t('password missing');
    case 'unreachable':
      return t('nobody answers on its port: it may be switched off in the settings of the game');
    case 'timeout':
      return t('no answer in time');
    case 'bad-reply':
      return t('an answer that makes no sense: another program may have this port');
    case 'not-running':
      return t('not running');
    default:
      return code ?? t('unknown');
  }
}

function remedyFor(code: ErrorCode | null): TestRemedy | undefined {
  if (code === 'auth-rejected' || code === 'secret-missing') return 'setPassword';
  return code === 'unreachable' || code === 'bad-reply' || code === 'timeout' ? 'setUpConnection' : undefined;
}

function remedyItem(remedy: TestRemedy, t: Translate): TestItem {
  const labels: Record<TestRemedy, [label: string, icon: string]> = {
    setPassword: [t('Set Password…'), 'key'],
    setUpConnection: [t('Set Up Game Connection…'), 'plug'],
    'test-again': [t('Test Again'), 'refresh'],
  };
  const [label, icon] = labels[remedy];
  return { label, description: '', icon, remedy };
}
