import { createEngine, type Engine, parseFilters, type Repository } from "oncecode";

/** One hostile call, and how it has to be refused. */
export interface Attack {
  /** The method, `publications.create`; or `createEngine` or `parseFilters`. */
  readonly entry: string;
  readonly what: string;
  /** Made anew for each run: some are huge, and some are spent by reading them. */
  readonly args: (repository: Repository) => readonly unknown[];
  readonly code: string;
  /** Undefined for errors that have none. */
  readonly path: string | undefined;
}

type Expected = readonly [code: string, path?: string];

/** Attacks on one entry point whose arguments differ in one place. */
export const attacks = (
  entry: string,
  args: (hostile: unknown) => readonly unknown[],
  [code, path]: Expected,
  hostile: Readonly<Record<string, () => unknown>>,
): readonly Attack[] =>
  Object.entries(hostile).map(([what, make]) => ({
    entry,
    what: path === undefined || path === "" ? what : `${what} as ${path}`,
    args: () => args(make()),
    code,
    path,
  }));

export const attack = (
  entry: string,
  what: string,
  args: (repository: Repository) => readonly unknown[],
  [code, path]: Expected,
): Attack => ({ entry, what, args, code, path });

const drain = async (iterable: AsyncIterable<unknown>): Promise<unknown> => {
  for await (const _ of iterable);
  return null;
};

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

/** Calls by name, as JavaScript would: nothing is known of the arguments. */
export const launch = async (engine: Engine, repository: Repository, { entry, args }: Attack): Promise<unknown> => {
  const values = args(repository);
  if (entry === "createEngine") return createEngine(values[0] as never);
  if (entry === "parseFilters") return parseFilters(values[0], values[1] as never);
  const [group = "", method = ""] = entry.split(".");
  const result: unknown = Reflect.get(Reflect.get(engine, group), method)(...values);
  return isIterable(result) ? drain(result) : result;
};

/** Every method there is, for a look at whether each of them was attacked. */
export const entryPoints = (engine: Engine): readonly string[] =>
  Object.entries(engine).flatMap(([group, methods]) =>
    typeof methods === "object" ? Object.keys(methods).map((method) => `${group}.${method}`) : [],
  );
