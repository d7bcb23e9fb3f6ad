/** Who a file belongs to, and who may read or change it: security identifiers as `S-1-5-18`. */
export interface FileUsers {
  readonly owner: string;
  /** Undefined: everybody, as there is no list. */
  readonly users: readonly string[] | undefined;
}

/** Self-relative SECURITY_DESCRIPTOR: control flags, then where the owner and the list (DACL) are. */
const controlAt = 2;
const ownerAt = 4;
const listAt = 16;
const hasList = 0x0004;
/** ACL: the number of entries; its own length before them. */
const countAt = 4;
const listHead = 8;
/** ACCESS_ALLOWED_ACE and its kin: type, flags, length, rights, SID. */
const kinds = { allowed: 0, denied: 1 } as const;
const inheritOnly = 0x08;
const rightsAt = 4;
const sidInEntry = 8;
/** FILE_READ_DATA, WRITE_DATA, APPEND_DATA; WRITE_DAC and WRITE_OWNER, for who may take it may read it; GENERIC_* but EXECUTE. */
const using = 0x0000_0007 | 0x0004_0000 | 0x0008_0000 | 0xd000_0000;

/** Denials are not looked at: they can only make it fewer. Undefined where it is not understood. */
export function fileUsersOf(descriptor: Buffer): FileUsers | undefined {
  try {
    const owner = sidAt(descriptor, descriptor.readUInt32LE(ownerAt));
    const list = descriptor.readUInt32LE(listAt);
    const isListed = (descriptor.readUInt16LE(controlAt) & hasList) !== 0 && list !== 0;
    return { owner, users: isListed ? listed(descriptor, list) : undefined };
  } catch (error) {
    // Beyond its end.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function listed(descriptor: Buffer, list: number): string[] {
  const users = new Set<string>();
  let entry = list + listHead;
  for (let left = descriptor.readUInt16LE(list + countAt); left > 0; left--) {
    const kind = descriptor.readUInt8(entry);
    const isForIt = (descriptor.readUInt8(entry + 1) & inheritOnly) === 0;
    const counts = (descriptor.readUInt32LE(entry + rightsAt) & using) !== 0;
    // Of kinds that have their SID elsewhere it is only known that they are no denials.
    if (kind === kinds.allowed && isForIt && counts) users.add(sidAt(descriptor, entry + sidInEntry));
    else if (kind !== kinds.allowed && kind !== kinds.denied && isForIt && counts) users.add(`entry of kind ${kind}`);
    entry += descriptor.readUInt16LE(entry + 2);
  }
  return [...users];
}

/** Throws a RangeError beyond the buffer's end. */
export function sidAt(buffer: Buffer, offset: number): string {
  const count = buffer.readUInt8(offset + 1);
  const authority = buffer.readUIntBE(offset + 2, 6);
  const parts = Array.from({ length: count }, (_, index) => buffer.readUInt32LE(offset + 8 + 4 * index));
  return ['S', buffer.readUInt8(offset), authority, ...parts].join('-');
}
