declare global {
  interface Window {
    litNonce?: string;
  }
}

/**
 * Must be imported before anything of Lit: where a browser cannot adopt style sheets, Lit writes style elements, which
 * the page's policy allows only with its nonce.
 */
const own = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce;
if (own !== undefined) window.litNonce = own;

export {};
