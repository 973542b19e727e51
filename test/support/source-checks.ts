import { posix } from "node:path";

/** Source text by path from the checkout's root, as in `src/domain/model.ts`. */
export type Sources = ReadonlyMap<string, string>;

interface ImportEdge {
  readonly to: string;
  readonly typeOnly: boolean;
}

const STATIC = /^(?:import|export)\b(\s+type\b)?(?:[\w\s{},*$]*\bfrom)?\s*["']([^"']+)["']/gm;
const DYNAMIC = /\b(?:import|require)\s*\(\s*(?:["'`]([^"'`]+)["'`])?/g;
const REFERENCE = /^\/\/\/\s*<reference\s+(?:types|path)="([^"]+)"/gm;

/** Without comments that stand on lines of their own. */
const withoutComments = (text: string): string => text.replace(/^\s*(?:\/\/(?!\/)|\/?\*).*$/gm, "");

/** What a file imports: paths from the root for relative imports, the specifier itself for packages. */
const importsOf = (file: string, text: string): readonly ImportEdge[] => {
  const code = withoutComments(text);
  const target = (specifier: string): string =>
    specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : specifier;
  return [
    ...[...code.matchAll(STATIC)].map(([, type, to = ""]) => ({ to: target(to), typeOnly: type !== undefined })),
    ...[...code.matchAll(DYNAMIC)].map(([, to]) => ({ to: target(to ?? "a computed name"), typeOnly: false })),
    ...[...code.matchAll(REFERENCE)].map(([, to = ""]) => ({ to: target(to), typeOnly: true })),
  ];
};

interface ImportRule {
  readonly files: RegExp;
  readonly mayImport: readonly RegExp[];
  /** Here only `import type` and `export type` may go. */
  readonly mayImportTypesOf?: readonly RegExp[];
}

const DOMAIN = /^src\/domain\//;
const ERRORS = /^src\/errors\.ts$/;
const PURE = /^(?:fp-ts\/lib\/\w+\.js|io-ts|io-ts\/lib\/\w+\.js|immer|temporal-polyfill)$/;
const NODE = /^node:/;
const ONCECODE = /^oncecode(?:\/|$)/;
const KYSELY = /^kysely(?:\/|$)/;

/** Its own folder, what all databases share, and what all servers share. */
const sqlFolders = (file: string): readonly RegExp[] => [
  new RegExp(`^${file.split("/").slice(0, 3).join("/")}/`),
  /^adapters\/sql\/(?:server\/)?[\w-]+\.ts$/,
];

/** Which way imports may point. The first zone a file belongs to decides. */
const importRules = (file: string): readonly ImportRule[] => {
  const ownFolder = new RegExp(`^${file.split("/").slice(0, 2).join("/")}/`);
  return [
    // What the core decides is put in the words of the port; types only.
    { files: DOMAIN, mayImport: [DOMAIN, ERRORS, PURE], mayImportTypesOf: [/^src\/repository\.ts$/] },
    { files: ERRORS, mayImport: [DOMAIN] },
    { files: /^src\/repository\.ts$/, mayImport: [], mayImportTypesOf: [DOMAIN, ERRORS] },
    // The one exception to "src knows no adapter": the laws take the memory adapter as their model.
    { files: /^src\/conformance\//, mayImport: [/^src\//, PURE, NODE, /^fast-check$/, /^oncecode\/memory$/] },
    // Not conformance, or every host would need fast-check.
    { files: /^src\//, mayImport: [/^src\/(?!conformance\/)/, PURE, NODE] },
    { files: /^adapters\/sql\/postgres\.ts$/, mayImport: [ONCECODE, ownFolder, KYSELY, /^pg$/] },
    { files: /^adapters\/sql\/mysql\.ts$/, mayImport: [ONCECODE, ownFolder, KYSELY, /^mysql2$/] },
    // What only one kind of database needs is nobody else's.
    { files: /^adapters\/sql\/(?:sqlite|postgres|mysql)\//, mayImport: [ONCECODE, ...sqlFolders(file), NODE, KYSELY] },
    { files: /^adapters\/sql\//, mayImport: [ONCECODE, ownFolder, NODE, KYSELY] },
    { files: /^adapters\/cli\//, mayImport: [ONCECODE, ownFolder, NODE, /^csv-parse(?:\/|$)/, /^@hono\/node-server$/] },
    {
      files: /^adapters\/http\//,
      mayImport: [ONCECODE, ownFolder, NODE, PURE, /^hono(?:\/|$)/, /^qs$/, /^csv-stringify\/sync$/],
    },
    { files: /^adapters\//, mayImport: [ONCECODE, ownFolder, NODE] },
  ];
};

const matchesAny = (to: string, patterns: readonly RegExp[] = []): boolean =>
  patterns.some((pattern) => pattern.test(to));

/** Imports that point the wrong way, one sentence each. */
export const forbiddenImports = (sources: Sources): readonly string[] =>
  [...sources].flatMap(([file, text]) => {
    const rule = importRules(file).find(({ files }) => files.test(file));
    if (rule === undefined) return [`${file} belongs to no zone`];
    return importsOf(file, text).flatMap(({ to, typeOnly }) => {
      if (matchesAny(to, rule.mayImport)) return [];
      if (!matchesAny(to, rule.mayImportTypesOf)) return [`${file} must not import ${to}`];
      return typeOnly ? [] : [`${file} must import only types of ${to}`];
    });
  });

/** Packages named by the declarations reached from one declaration file. */
export const reachablePackages = (entry: string, declarations: Sources): readonly string[] => {
  const reached = new Set([entry]);
  const packages = new Set<string>();
  for (const file of reached) {
    for (const { to } of importsOf(file, declarations.get(file) ?? "")) {
      const declaration = to.replace(/\.[jt]s$/, ".d.ts");
      if (declarations.has(declaration)) reached.add(declaration);
      else packages.add(to);
    }
  }
  return [...packages];
};

const SPELLINGS: ReadonlyArray<readonly [string, RegExp]> = [
  ["the type any", /(?:[:<|,=(]|\bas|=>)\s*any\b(?=\s*(?:[;,)>|\]=}]|\[\]|$))/m],
  ["Math.random", /\bMath\s*\.\s*random\b/],
];

/** Code may not spell these. In prose, "any store" is a word and "never Math.random" a promise. */
export const forbiddenSpellings = (sources: Sources): readonly string[] =>
  [...sources].flatMap(([file, text]) => {
    const code = file.endsWith(".md") ? [...text.matchAll(/^```\w+\n.*?^```/gms)].join("\n") : withoutComments(text);
    return SPELLINGS.filter(([, pattern]) => pattern.test(code)).map(([name]) => `${file} contains ${name}`);
  });

const MACHINE_PATH = /(?:^|[\s"'`(=:])\/(?:work|home|root|Users)\//m;

/** Files, prose included, that name a folder of the machine they were written on. */
export const machinePaths = (sources: Sources): readonly string[] =>
  [...sources].filter(([, text]) => MACHINE_PATH.test(text)).map(([file]) => `${file} contains a path of one machine`);
