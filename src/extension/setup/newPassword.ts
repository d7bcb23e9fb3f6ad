const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const length = 24;
/** The largest multiple of the letters' number: a byte above it would favour the first ones. */
const fair = 256 - (256 % letters.length);

/** 24 letters and digits that nobody can guess; games take those without quotes and escapes. */
export function newPassword(): string {
  let password = '';
  while (password.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < fair && password.length < length) password += letters.charAt(byte % letters.length);
    }
  }
  return password;
}
