/** SQLite's result codes that the repository handles. An extended code has its result code in the lowest byte. */
const RESULT_CODES = { busy: 5, readonly: 8, full: 13, cannotOpen: 14, notDatabase: 26 } as const;
type Result = keyof typeof RESULT_CODES;

const NAMES: { readonly [R in Result]: string } = {
  busy: "SQLITE_BUSY",
  readonly: "SQLITE_READONLY",
  full: "SQLITE_FULL",
  cannotOpen: "SQLITE_CANTOPEN",
  notDatabase: "SQLITE_NOTADB",
};

/**
 * Whether the error, or its cause, has this result code. `node:sqlite` has the number in `errcode`, better-sqlite3 has the
 * name in `code`.
 */
export const isResult = (result: Result, thrown: unknown): boolean => {
  if (!(thrown instanceof Error)) return false;
  const { errcode, code, cause }: Error & { errcode?: unknown; code?: unknown } = thrown;
  if (typeof errcode === "number") return (errcode & 0xff) === RESULT_CODES[result];
  if (cause !== undefined) return isResult(result, cause);
  return typeof code === "string" && (code === NAMES[result] || code.startsWith(`${NAMES[result]}_`));
};
