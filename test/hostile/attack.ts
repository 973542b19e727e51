import { createEngine, type Engine, parseFilters, type Repository } from "oncecode";

/** A hostile call and the error that it must get. */
export interface Attack {
  /** A method such as `publications.create`, or `createEngine` or `parseFilters`. */
  readonly entry: string;
  readonly title: string;
  /** Creates the arguments for each run, because some are huge and some can be read only once. */
  readonly args: (repository: Repository) => readonly unknown[];
  readonly code: string;
  /** Undefined for errors without a path. */
  readonly path: string | undefined;
}

type Expected = readonly [code: string, path?: string];

/** Attacks on one entry point that differ in one value. */
export const attacks = (
  entry: string,
  args: (hostile: unknown) => readonly unknown[],
  [code, path]: Expected,
  hostile: Readonly<Record<string, () => unknown>>,
): readonly Attack[] =>
  Object.entries(hostile).map(([title, make]) => ({
    entry,
    title: path === undefined || path === "" ? title : `${title} as ${path}`,
    args: () => args(make()),
    code,
    path,
  }));

export const attack = (
  entry: string,
  title: string,
  args: (repository: Repository) => readonly unknown[],
  [code, path]: Expected,
): Attack => ({ entry, title, args, code, path });

const drain = async (iterable: AsyncIterable<unknown>): Promise<unknown> => {
  for await (const _ of iterable);
  return null;
};

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === "object" && value !== null && Symbol.asyncIterator in value;

/** Calls the entry point by its name with arguments of any type, as JavaScript code would. */
export const launch = async (engine: Engine, repository: Repository, { entry, args }: Attack): Promise<unknown> => {
  const values = args(repository);
  if (entry === "createEngine") return createEngine(values[0] as never);
  if (entry === "parseFilters") return parseFilters(values[0], values[1] as never);
  const [group = "", method = ""] = entry.split(".");
  const result: unknown = Reflect.get(Reflect.get(engine, group), method)(...values);
  return isIterable(result) ? drain(result) : result;
};

/** The names of all methods of the engine, to check that each one is attacked. */
export const entryPoints = (engine: Engine): readonly string[] =>
  Object.entries(engine).flatMap(([group, methods]) =>
    typeof methods === "object" ? Object.keys(methods).map((method) => `${group}.${method}`) : [],
  );
