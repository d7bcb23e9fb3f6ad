import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  linkExtension,
  prepareSettings,
  profileFolders,
  type ProfileSettings,
} from '../../../.scripts/lib/codeServer.mjs';
import { clone } from './machine.js';

export type Language = 'en' | 'ko';

/** The folders of one VS Code that shares nothing with the machine's own: profile, home, data, temporary files. */
export class Profile {
  /** Short on purpose: sockets below it may have 107 characters at most. */
  readonly root = fs.mkdtempSync(path.join(os.tmpdir(), 'e-'));
  /** Marks every process that this VS Code leads to, however detached. */
  readonly mark = path.basename(this.root);
  /** The folder that the windows open. */
  readonly workspace = this.folder('workspace');
  /** Where the extension and the core keep their data. */
  readonly dataDir = path.join(this.folder('data'), 'game-server-panel');
  readonly serverLog = path.join(this.root, 'server.log');

  constructor(private readonly language: Language) {
    if (language === 'ko') this.addKorean();
  }

  /** Settings are read at the first start. */
  writeSettings(settings: ProfileSettings): void {
    prepareSettings(this.root, settings);
  }

  linkSource(): void {
    linkExtension(this.root, clone);
  }

  get environment(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '/usr/bin:/bin',
      HOME: this.folder('home'),
      LANG: 'C.UTF-8',
      XDG_DATA_HOME: this.folder('data'),
      XDG_RUNTIME_DIR: this.folder('run'),
      TMPDIR: this.folder('tmp'),
      GSP_TEST_RUN: process.env.GSP_TEST_RUN ?? '',
      [Profile.markName]: this.mark,
    };
  }

  get arguments(): readonly string[] {
    return this.language === 'ko' ? ['--locale', 'ko'] : [];
  }

  /** All log files of VS Code and its extensions, the newest session last. */
  logs(): readonly { readonly file: string; readonly text: string }[] {
    const folder = path.join(profileFolders(this.root).userData, 'logs');
    if (!fs.existsSync(folder)) return [];
    return fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.log'))
      .sort()
      .map((file) => ({ file, text: fs.readFileSync(path.join(folder, file), 'utf8') }));
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  static readonly markName = 'GSP_E2E';

  private folder(name: string): string {
    const folder = path.join(this.root, name);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /**
   * Makes Korean the display language. The list is what an installed language pack would write; its own texts stay
   * English, which is enough, because those of the extension are the ones to be tested.
   */
  private addKorean(): void {
    const { userData } = profileFolders(this.root);
    const translations = path.join(this.folder('korean'), 'main.i18n.json');
    fs.writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
    fs.mkdirSync(userData, { recursive: true });
    fs.writeFileSync(
      path.join(userData, 'languagepacks.json'),
      JSON.stringify({
        ko: {
          hash: '0123456789abcdef',
          label: '한국어',
          extensions: [{ extensionIdentifier: { id: 'ms-ceintl.vscode-language-pack-ko' }, version: '1.0.0' }],
          translations: { vscode: translations },
        },
      }),
    );
  }
}
