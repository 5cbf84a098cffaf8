import * as ofAlloy from './alloy.ts';
import * as ofCalls from './call-settings.ts';
import * as ofCascade from './cascade.ts';
import * as ofDispatcher from './dispatcher.ts';
import * as ofFile from './file.ts';
import type { OptionDoc, OptionTable } from './kinds.ts';
import * as ofMember from './member.ts';
import * as ofRules from './rules.ts';
import * as ofShared from './shared.ts';

/** The options of one owner, such as a cascade or a rule, and their documentation. */
export interface DocumentedTable {
  readonly options: OptionTable;
  readonly docs: Readonly<Record<string, OptionDoc>>;
}

type Owner =
  | 'member'
  | 'constituent'
  | 'shared'
  | 'cascade'
  | 'alloy'
  | 'dispatcher'
  | 'price'
  | 'settings'
  | 'supports'
  | 'cooldown'
  | 'session'
  | 'rule'
  | 'when'
  | 'between'
  | 'named'
  | 'inFile'
  | 'counting'
  | 'tokenizer'
  | 'askedSize'
  | 'shortcut';

/** Every option, by owner. For gateways, tools and tests; the core imports only the tables that it needs. */
export const allOptions = (): Readonly<Record<Owner, DocumentedTable>> => ({
  member: {
    options: ofMember.member,
    docs: { ...ofMember.memberDocs, ...ofMember.inheritedDocs, ...ofMember.knownDocs },
  },
  constituent: { options: ofAlloy.constituent, docs: ofAlloy.constituentDocs },
  shared: { options: ofShared.shared, docs: { ...ofShared.sharedDocs, ...ofMember.inheritedDocs } },
  cascade: { options: ofCascade.cascade, docs: ofCascade.cascadeDocs },
  alloy: { options: ofAlloy.alloy, docs: ofAlloy.alloyDocs },
  dispatcher: { options: ofDispatcher.dispatcher, docs: ofDispatcher.dispatcherDocs },
  price: { options: ofMember.price, docs: ofMember.priceDocs },
  settings: { options: ofCalls.settings, docs: ofCalls.settingsDocs },
  supports: { options: ofCalls.supports, docs: ofCalls.supportsDocs },
  cooldown: { options: ofShared.cooldown, docs: ofShared.cooldownDocs },
  session: { options: ofDispatcher.session, docs: ofDispatcher.sessionDocs },
  rule: { options: ofRules.rule, docs: ofRules.ruleDocs },
  when: { options: ofRules.when, docs: ofRules.whenDocs },
  between: { options: ofRules.between, docs: ofRules.betweenDocs },
  inFile: { options: ofFile.inFile, docs: ofFile.inFileDocs },
  named: { options: ofFile.named, docs: ofFile.namedDocs },
  counting: { options: ofFile.counting, docs: { ...ofFile.tokenizerDoc, ...ofFile.ratiosDocs } },
  tokenizer: { options: ofFile.tokenizer, docs: { ...ofFile.settingsDocs, ...ofFile.ratiosDocs } },
  askedSize: { options: ofFile.askedSize, docs: ofFile.askedSizeDocs },
  shortcut: { options: ofFile.shortcut, docs: ofFile.shortcutDocs },
});

/** The names of the options that list members, or rules with a member each. */
export const memberLists = (): ReadonlySet<string> =>
  new Set(
    Object.values(allOptions()).flatMap(({ options }) =>
      Object.keys(options).filter((name) => /^(members|rules)$/.test(options[name]!.type)),
    ),
  );
