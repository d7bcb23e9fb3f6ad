import { randomBytes } from 'node:crypto';

export interface PanelPage {
  /** Address of the bundle, as the webview may load it. */
  readonly scriptUri: string;
  /** The custom element that is the whole panel. */
  readonly element: string;
  readonly title: string;
  readonly locale: string;
}

/**
 * The page of a panel. Only the bundle and the page's own style run, both by nonce: no inline script, no inline style, no
 * network, no pictures, no fonts. What a game prints can reach a panel as text, but never as code.
 */
export function panelHtml(page: PanelPage): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escaped(page.locale)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(page.title)}</title>
<style nonce="${nonce}">body { margin: 0; padding: 0; }</style>
<script type="module" nonce="${nonce}" src="${escaped(page.scriptUri)}"></script>
</head>
<body><${page.element}></${page.element}></body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
