export function numberOf(text: string, name: string): number;
export function kilobytesOf(text: string, name: string): number;
export function schedstatOf(text: string): number;
export function switchesOf(text: string): number;
