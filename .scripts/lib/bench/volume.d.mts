export function writtenToDevice(diskstats: string, device: string): number | undefined;
export function mountAt(mounts: string, place: string): { device: string; kind: string } | undefined;
