import type { Translate } from '../translate.js';

type Rule = readonly [pattern: RegExp, say: (t: Translate, ...found: string[]) => string];

/** Faults of the file as a whole. */
const fileRules: readonly Rule[] = [
  [/^Not valid JSON here: (.+)$/, (t, what) => t('Not valid JSON here: {0}', syntaxWord(what, t))],
  [/^The file must hold an object: (.+)$/, (t, form) => t('The file must hold an object: {0}', form)],
  [/^"version" is (\d+)/, (t, version) => t('"version" is {0}: update the extension to use this file.', version)],
  [/^"version" must be 1$/, (t) => t('"version" must be 1.')],
  [/^"(servers|games)" must be a list$/, (t, name) => t('"{0}" must be a list.', name)],
  [/^The file cannot be read \((.+)\)$/, (t, code) => t('The file cannot be read ({0}).', code)],
  [
    /^id: "(.+)" is used twice; give this game/,
    (t, id) => t('The id "{0}" is used twice: give this game another one.', id),
  ],
  [/^id: "(.+)" is used twice/, (t, id) => t('The id "{0}" is used twice: give this server another one.', id)],
];

/** Faults of one field, behind its name. */
const fieldRules: readonly Rule[] = [
  [/^is not a known game/, (t) => t('this game is not in the list; choose one with Ctrl+Space, or "other"')],
  [/^is a game that the panel knows already/, (t) => t('the panel knows this game already; give yours another id')],
  [/^must be 1 to 40 of .+ letter or digit$/, (t) => t('1 to 40 of a-z, 0-9 and -, beginning with a letter or digit')],
  [/^must be the name of a codicon/, (t) => t('must be the name of a codicon, such as rocket')],
  [/^must be the name of a file/, (t) => t('must be the name of a file, without its folder')],
  [/^must be a path from/, (t) => t('must be a path from the folder of the server, with / and without ..')],
  [/^must contain \{text\} once$/, (t) => t('must contain {0} once', '{text}')],
  [/^needs "line" or "signal"$/, (t) => t('needs "line" or "signal"')],
  [/^needs a "line" in "stop"/, (t) => t('needs a "line" in "stop": there would be no way left to end it')],
  [/^must be 1 to 40 of/, (t) => t('1 to 40 of a-z, 0-9 and -, and no reserved word')],
  [/^must not contain NUL$/, (t) => t('must not contain a NUL character')],
  [/^must be a single line$/, (t) => t('must be a single line')],
  [/^is longer than (\d+) characters$/, (t, most) => t('at most {0} characters', most)],
  [/^is not a known encoding; some that are: (.+)$/, (t, some) => t('no encoding has this name; some are: {0}', some)],
  [/^must be one of (.+)$/, (t, choices) => t('must be one of {0}', choices)],
  [/^is not a valid regular expression/, (t) => t('is no valid regular expression (JavaScript, u flag)')],
  [/^Invalid type: Expected \((.+)\) but/, (t, choices) => t('must be one of {0}', choices.replaceAll(' | ', ', '))],
  // Lists and objects come without their content; "not Object" helps nobody.
  [/^Invalid type: Expected (\w+) but received (?:null|[A-Z])/, (t, type) => t('must be {0}', typeWord(type, t))],
  [
    /^Invalid type: Expected (\w+) but received (.+)$/,
    (t, type, got) => t('must be {0}, not {1}', typeWord(type, t), got),
  ],
  [/^Invalid length: Expected >=\d+/, (t) => t('must not be empty')],
  [/^Invalid length: Expected <=(\d+)/, (t, most) => t('at most {0} characters', most)],
  [/^Invalid value: Expected >=(\S+)/, (t, least) => t('at least {0}', least)],
  [/^Invalid value: Expected <=(\S+)/, (t, most) => t('at most {0}', most)],
  [/^Invalid integer/, (t) => t('must be a whole number')],
];

/**
 * A fault of servers.json or games.json in the reader's language. Found out in another process, it comes as an English sentence; one
 * that is not known here is shown as it came.
 */
export function problemText(message: string, t: Translate): string {
  const whole = apply(fileRules, message, t);
  if (whole !== undefined) return whole;
  const [, field, detail] = /^([\w.$-]+): (.+)$/s.exec(message) ?? [];
  if (field === undefined || detail === undefined) return message;
  if (detail.endsWith('but received undefined')) return t('"{0}" is missing', field);
  const said = apply(fieldRules, detail, t);
  if (said === undefined) return message;
  return field === 'entry' ? said : `${field}: ${said}`;
}

function apply(rules: readonly Rule[], message: string, t: Translate): string | undefined {
  for (const [pattern, say] of rules) {
    const found = pattern.exec(message);
    if (found !== null) return say(t, ...found.slice(1));
  }
  return undefined;
}

function typeWord(type: string, t: Translate): string {
  switch (type) {
    case 'number':
      return t('a number');
    case 'string':
      return t('text in quotes');
    case 'boolean':
      return t('true or false');
    case 'Array':
      return t('a list [ … ]');
    case 'Object':
      return t('an object {0}', '{ … }');
    default:
      return type;
  }
}

function syntaxWord(what: string, t: Translate): string {
  switch (what) {
    case 'comma expected':
      return t('a comma is missing before it');
    case 'colon expected':
      return t('a colon is missing before it');
    case 'value expected':
      return t('a value is missing');
    case 'property name expected':
      return t('the name of a field in quotes is missing');
    case 'close brace expected':
      return t('a } is missing');
    case 'close bracket expected':
      return t('a ] is missing');
    case 'end of file expected':
      return t('the file should end here');
    case 'invalid symbol':
      return t('this is neither a value nor a name in quotes');
    case 'unexpected end of string':
      return t('a quote is not closed');
    default:
      return what;
  }
}
