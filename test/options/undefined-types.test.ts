import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const source = `${root}src/`;
const entries = [
  `${source}index.ts`,
  ...readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^(cli|errors|options)$/.test(entry.name))
    .map(({ name }) => `${source}${name}/index.ts`)
    .filter((file) => ts.sys.fileExists(file)),
];

const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);

/** Optional options that don't accept undefined: `CascadeOptions.order`. */
function withoutUndefined(
  files: readonly string[],
  isOwn: (file: string) => boolean,
): { found: string[]; seen: Set<string> } {
  const program = ts.createProgram(files, {
    ...options,
    exactOptionalPropertyTypes: true,
    types: [],
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const found = new Set<string>();
  const seen = new Set<string>();
  const visited = new Set<ts.Type>();

  const visitProperty = (property: ts.Symbol, at: ts.Node): void => {
    const declaration = property.declarations?.[0];
    if (!declaration || !isOwn(declaration.getSourceFile().fileName)) return;
    const declared = checker.getTypeOfSymbolAtLocation(property, at);
    const type = checker.getBaseConstraintOfType(declared) ?? declared;
    const owner = (declaration.parent as ts.InterfaceDeclaration).name?.getText() ?? '(literal)';
    const name = `${owner}.${property.name}`;
    seen.add(name);
    // A missing property is a type of its own here, besides undefined.
    const accepts = type.isUnion() && type.types.includes(checker.getUndefinedType());
    if (property.flags & ts.SymbolFlags.Optional && !accepts) found.add(name);
    visit(type, at);
  };
  const visit = (type: ts.Type, at: ts.Node): void => {
    if (visited.has(type)) return;
    visited.add(type);
    if (type.isUnionOrIntersection()) for (const each of type.types) visit(each, at);
    const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    if (element) return visit(element, at);
    if (!(type.flags & ts.TypeFlags.Object)) return;
    for (const property of checker.getPropertiesOfType(type)) visitProperty(property, at);
  };

  for (const file of files) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      for (const declaration of symbol.declarations ?? []) {
        if (ts.isFunctionDeclaration(declaration)) {
          for (const parameter of declaration.parameters) {
            const type = checker.getTypeAtLocation(parameter);
            visit(checker.getBaseConstraintOfType(type) ?? type, parameter);
          }
        }
        // The options of a function, and what its options are made of.
        if (
          ts.isInterfaceDeclaration(declaration) &&
          /(?<!^Parsed.*)(Options|Settings|Config|Conditions|Rule|Step|Target|Constituent)$/.test(symbol.name)
        )
          visit(checker.getDeclaredTypeOfSymbol(symbol), declaration);
      }
    }
  }
  return { found: [...found].toSorted(), seen };
}

// The compiler reads the sources and the declarations of `ai` and zod.
describe('options under exactOptionalPropertyTypes', { timeout: 120_000 }, () => {
  it('accept undefined wherever they may be left out, in every function of every entry point', () => {
    const { found, seen } = withoutUndefined(entries, (file) => file.startsWith(source));
    for (const name of [
      'CascadeOptions.order',
      'SharedOptions.shorten',
      'SizeOptions.contextWindow',
      'KeyValueStore.get',
      'RuleConditions.between',
      'GatewayConfig.models',
    ])
      expect([...seen]).toContain(name);
    expect(seen.size).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });
});
