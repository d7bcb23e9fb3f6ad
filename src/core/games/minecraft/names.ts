/** Colours and the like, which some servers put into everything they say. */
export function withoutColours(text: string): string {
  return text.replace(/§./gu, '');
}

/**
 * A player's name as commands take it. Mojang's have up to 16 letters, digits and underscores; players who come from the
 * Bedrock edition have a sign of their own before them. Nothing else: @a would be everybody, and a space would begin the
 * next word of a command.
 */
export function isPlayerName(text: string): boolean {
  return /^[.*+-]?[A-Za-z0-9_][A-Za-z0-9_.-]{0,38}$/.test(text);
}
