import { posix } from "node:path";

/** The text of source files by their path from the root, such as `src/domain/model.ts`. */
export type Sources = ReadonlyMap<string, string>;

interface ImportEdge {
  readonly to: string;
  readonly typeOnly: boolean;
}

const STATIC = /^(?:import|export)\b(\s+type\b)?(?:[\w\s{},*$]*\bfrom)?\s*["']([^"']+)["']/gm;
const DYNAMIC = /\b(?:import|require)\s*\(\s*(?:["'`]([^"'`]+)["'`])?/g;
const REFERENCE = /^\/\/\/\s*<reference\s+(?:types|path)="([^"]+)"/gm;

/** Removes comments that fill a whole line. */
const withoutComments = (text: string): string => text.replace(/^\s*(?:\/\/(?!\/)|\/?\*).*$/gm, "");

/** The imports of a file: a path from the root for a relative import, the specifier for a package. */
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
  /** Only `import type` and `export type` of these are allowed. */
  readonly mayImportTypesOf?: readonly RegExp[];
}

const DOMAIN = /^src\/domain\//;
const ERRORS = /^src\/errors\.ts$/;
const PURE = /^(?:fp-ts\/lib\/\w+\.js|io-ts|io-ts\/lib\/\w+\.js|immer|temporal-polyfill)$/;
const NODE = /^node:/;
const ONCECODE = /^oncecode(?:\/|$)/;
const KYSELY = /^kysely(?:\/|$)/;

/** The folder of the dialect, the files for all databases, and the files for all servers. */
const sqlFolders = (file: string): readonly RegExp[] => [
  new RegExp(`^${file.split("/").slice(0, 3).join("/")}/`),
  /^adapters\/sql\/(?:server\/)?[\w-]+\.ts$/,
];

/** The allowed imports. The first rule that matches a file applies. */
const importRules = (file: string): readonly ImportRule[] => {
  const ownFolder = new RegExp(`^${file.split("/").slice(0, 2).join("/")}/`);
  return [
    // The domain returns decisions in the types of the port, so it imports types of the port and nothing else.
    { files: DOMAIN, mayImport: [DOMAIN, ERRORS, PURE], mayImportTypesOf: [/^src\/repository\.ts$/] },
    { files: ERRORS, mayImport: [DOMAIN] },
    { files: /^src\/repository\.ts$/, mayImport: [], mayImportTypesOf: [DOMAIN, ERRORS] },
    // The one exception to "src imports no adapter": the laws compare a store with the memory adapter.
    { files: /^src\/conformance\//, mayImport: [/^src\//, PURE, NODE, /^fast-check$/, /^oncecode\/memory$/] },
    // If src imported conformance, every host would have to install fast-check.
    { files: /^src\//, mayImport: [/^src\/(?!conformance\/)/, PURE, NODE] },
    { files: /^adapters\/sql\/postgres\.ts$/, mayImport: [ONCECODE, ownFolder, KYSELY, /^pg$/] },
    { files: /^adapters\/sql\/mysql\.ts$/, mayImport: [ONCECODE, ownFolder, KYSELY, /^mysql2$/] },
    // A dialect must not import another dialect, or a host would have to install the drivers of both.
    { files: /^adapters\/sql\/(?:sqlite|postgres|mysql)\//, mayImport: [ONCECODE, ...sqlFolders(file), NODE, KYSELY] },
    { files: /^adapters\/sql\//, mayImport: [ONCECODE, ownFolder, NODE, KYSELY] },
    { files: /^adapters\/cli\//, mayImport: [ONCECODE, ownFolder, NODE, /^csv-parse(?:\/|$)/, /^@hono\/node-server$/] },
    {
      files: /^adapters\/http\//,
      mayImport: [ONCECODE, ownFolder, NODE, PURE, /^hono(?:\/|$)/, /^qs$/, /^csv-stringify\/sync$/],
    },
    // An example is code of a host: it imports any package, and of ours only the exports.
    { files: /^adapters\/examples\//, mayImport: [/^(?!src\/|adapters\/)/] },
    { files: /^adapters\//, mayImport: [ONCECODE, ownFolder, NODE] },
  ];
};

const matchesAny = (to: string, patterns: readonly RegExp[] = []): boolean =>
  patterns.some((pattern) => pattern.test(to));

/** Imports that the rules forbid, one sentence each. */
export const forbiddenImports = (sources: Sources): readonly string[] =>
  [...sources].flatMap(([file, text]) => {
    const rule = importRules(file).find(({ files }) => files.test(file));
    if (rule === undefined) return [`${file} matches no import rule`];
    return importsOf(file, text).flatMap(({ to, typeOnly }) => {
      if (matchesAny(to, rule.mayImport)) return [];
      if (!matchesAny(to, rule.mayImportTypesOf)) return [`${file} must not import ${to}`];
      return typeOnly ? [] : [`${file} must import only types of ${to}`];
    });
  });

/** Packages that a declaration file imports, directly or through other declaration files. */
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

/** Forbidden text in code. Comments and prose may contain it, as in "any store". */
export const forbiddenSpellings = (sources: Sources): readonly string[] =>
  [...sources].flatMap(([file, text]) => {
    const code = file.endsWith(".md") ? [...text.matchAll(/^```\w+\n.*?^```/gms)].join("\n") : withoutComments(text);
    return SPELLINGS.filter(([, pattern]) => pattern.test(code)).map(([name]) => `${file} contains ${name}`);
  });

const MACHINE_PATH = /(?:^|[\s"'`(=:])\/(?:work|home|root|Users)\//m;

/** Files, guides included, that contain a path of the author's machine. */
export const machinePaths = (sources: Sources): readonly string[] =>
  [...sources].filter(([, text]) => MACHINE_PATH.test(text)).map(([file]) => `${file} contains a path of one machine`);
