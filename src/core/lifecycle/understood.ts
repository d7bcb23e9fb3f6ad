import type { Definition } from '../../shared/contract.js';
import { effective, type Effective } from '../../shared/definition.js';
import type { ServerTools } from './serverTools.js';

/** A definition with all that is known of its game, and of where it can be spoken to by its own settings of now. */
export function understood(definition: Definition, tools: Pick<ServerTools, 'catalogue' | 'ownPorts'>): Effective {
  return effective(definition, tools.catalogue, tools.ownPorts(definition), process.platform);
}
