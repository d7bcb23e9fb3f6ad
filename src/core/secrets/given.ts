import path from 'node:path';
import { errorCode } from '../../node/files.js';
import { readSecretFile, type SecretTable } from './secretFile.js';

const credentialName = 'game-server-panel';

/**
 * The secrets that were handed over at the start: by `--secrets FILE`, else as a credential of a systemd service. Throws an
 * Error whose message is a sentence when there is a file that must not be trusted or cannot be understood.
 */
export function givenSecrets(
  file: string | null,
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): SecretTable {
  if (file !== null) {
    return readSecretFile(file, platform === 'win32' ? 'access-list' : 'mode');
  }
  const folder = env.CREDENTIALS_DIRECTORY ?? '';
  if (!path.isAbsolute(folder) || platform === 'win32') return new Map();
  try {
    return readSecretFile(path.join(folder, credentialName), 'service-manager');
  } catch (error) {
    // The service may have credentials for other things only.
    if (errorCode(error) === 'ENOENT') return new Map();
    throw error;
  }
}
