import type { Repository } from "oncecode";

/** A repository with some methods replaced. The other calls go to `inner`. */
export const overrideMethods = (inner: Repository, overrides: Partial<Repository>): Repository => ({
  batchMax: inner.batchMax,
  lanes: inner.lanes,
  settle: (drafts) => inner.settle(drafts),
  record: (failures) => inner.record(failures),
  add: (vouchers) => inner.add(vouchers),
  find: (kind, refs) => inner.find(kind, refs),
  put: (kind, writes) => inner.put(kind, writes),
  remove: (kind, ids) => inner.remove(kind, ids),
  page: (query) => inner.page(query),
  count: (queries) => inner.count(queries),
  ...overrides,
});
