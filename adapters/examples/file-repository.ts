import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type * as Port from "oncecode";
import {
  comparePositions,
  hasExpired,
  matches,
  type Position,
  positionOf,
  publicationWithVouchers,
  publishedVoucher,
  unchanged,
} from "oncecode";

/** All stored records as one immutable value. A write creates the next value. */
interface State {
  readonly rows: { readonly [K in Port.Kind]: readonly Port.Records[K][] };
  readonly keyOwners: readonly { readonly key: Port.Key; readonly id: Port.PublicationId }[];
}
const EMPTY: State = { rows: { campaigns: [], vouchers: [], customers: [], publications: [] }, keyOwners: [] };
const NAME_FIELDS = { campaigns: "name", vouchers: "code", customers: "sourceId" } as const;
const nameOf = (kind: Port.EditableKind, record: object): unknown => Reflect.get(record, NAME_FIELDS[kind]);

/** Keeps all records in one file. Each write call writes the whole file before it returns. */
export const fileRepository = (filename: string): Port.Repository => {
  let state: State = existsSync(filename) ? JSON.parse(readFileSync(filename, "utf8")) : EMPTY;

  /** Runs all items of a call and saves the result. It is synchronous, so that no other call runs in between. */
  const commit = <I, A>(items: readonly I[], step: (item: I) => A): readonly A[] => {
    const before = state;
    try {
      const answers = items.map((item) => step(item));
      if (state === before) return answers;
      writeFileSync(`${filename}.next`, JSON.stringify(state), { flush: true });
      renameSync(`${filename}.next`, filename);
      return answers;
    } catch (cause) {
      state = before;
      throw unchanged(cause);
    }
  };

  const rows = <K extends Port.Kind>(kind: K): readonly Port.Records[K][] => state.rows[kind];
  const setRows = <K extends Port.Kind>(kind: K, records: readonly Port.Records[K][]): void => {
    state = { ...state, rows: { ...state.rows, [kind]: records } };
  };
  const save = <K extends Port.Kind>(kind: K, ...records: readonly Port.Records[K][]): void => {
    const ids = new Set<string>(records.map(({ id }) => id));
    setRows(kind, [...rows(kind).filter(({ id }) => !ids.has(id)), ...records]);
  };
  const byId = <K extends Port.Kind>(kind: K, id?: string) => rows(kind).find((record) => record.id === id);
  const ownerOf = (kind: Port.Kind, name: unknown): string | undefined =>
    kind === "publications"
      ? state.keyOwners.find(({ key }) => key === name)?.id
      : rows(kind).find((record) => nameOf(kind, record) === name)?.id;

  /** A name stays with its first owner. The code of a published voucher stays taken even after the voucher is deleted. */
  const isNameTaken = <K extends Port.EditableKind>(kind: K, record: Port.Records[K]): boolean => {
    const name = nameOf(kind, record);
    if (name === null) return false;
    const owner = ownerOf(kind, name);
    if (owner !== undefined) return owner !== record.id;
    return kind === "vouchers" && rows("publications").some(({ codes }) => codes.some((code) => code === name));
  };
  type WriteOf<K extends Port.Kind> = Port.Write<Port.Records[K]>;
  const refusal = <K extends Port.EditableKind>(kind: K, { record, replaces }: WriteOf<K>): Port.PutResult | null => {
    if ((byId(kind, record.id)?.revision ?? null) !== replaces) return "stale";
    return isNameTaken(kind, record) ? "taken" : null;
  };
  const isStale = (customer: Port.DraftCustomer): boolean =>
    customer.type === "known"
      ? byId("customers", customer.id) === undefined
      : refusal("customers", customer.write) !== null;

  const unsuitableReason = (voucher: Port.VoucherRecord, now: Port.Instant) => {
    if (voucher.publicationId !== null) return "published";
    if (!voucher.active) return "disabled";
    return hasExpired(voucher, now) ? "expired" : null;
  };

  /** The vouchers for a draft, and the spares for the pool. */
  const selectVouchers = ({
    selection,
    now,
  }: Port.Draft): Port.Settlement | readonly [Port.VoucherRecord[], Port.VoucherRecord[]] => {
    if (selection.type === "voucher") {
      const voucher = byId("vouchers", selection.voucherId);
      const reason = voucher === undefined ? "gone" : unsuitableReason(voucher, now);
      return voucher === undefined || reason !== null
        ? { type: "unsuitable", reason: reason ?? "gone" }
        : [[voucher], []];
    }
    if (byId("campaigns", selection.campaignId)?.revision !== selection.revision) return { type: "stale" };
    const drawOrder = ({ rank }: Port.VoucherRecord): number => (rank >= selection.startRank ? rank : rank + 1);
    const campaignVouchers = rows("vouchers").filter(({ campaignId }) => campaignId === selection.campaignId);
    const pool = campaignVouchers.filter((voucher) => unsuitableReason(voucher, now) === null);
    const poolVouchers = pool.sort((a, b) => drawOrder(a) - drawOrder(b)).slice(0, selection.count);
    const shortfall = selection.count - poolVouchers.length;
    const usableFresh = shortfall === 0 ? [] : selection.fresh.filter((voucher) => !isNameTaken("vouchers", voucher));
    const newVouchers = usableFresh.filter(
      ({ code }, i) => usableFresh.findIndex((other) => other.code === code) === i,
    );
    if (newVouchers.length < shortfall) return { type: "short" };
    return [
      [...poolVouchers, ...newVouchers.slice(0, shortfall)],
      newVouchers.slice(shortfall, shortfall + selection.spares),
    ];
  };

  const settle = (draft: Port.Draft): Port.Settlement => {
    const { id } = draft.publication;
    const owners = draft.keys.map((key) => byId("publications", ownerOf("publications", key)));
    for (const owner of [byId("publications", id), ...owners])
      if (owner?.result === "SUCCESS") return { type: "owned", publication: owner };
    if (isStale(draft.customer)) return { type: "stale" };
    const selected = selectVouchers(draft);
    if ("type" in selected) return selected;

    const vouchers = selected[0].map((voucher) => publishedVoucher(draft, voucher));
    const publication = publicationWithVouchers(draft, vouchers);
    state = { ...state, keyOwners: [...state.keyOwners, ...draft.keys.map((key) => ({ key, id }))] };
    if (draft.customer.type === "write") save("customers", draft.customer.write.record);
    save("vouchers", ...vouchers, ...selected[1]);
    save("publications", publication);
    return { type: "published", publication, vouchers };
  };

  const record = ({ publication, customer }: Port.FailedDraft): "recorded" | "stale" => {
    if (byId("publications", publication.id) !== undefined) return "recorded";
    if (isStale(customer)) return "stale";
    if (customer.type === "write") save("customers", customer.write.record);
    save("publications", publication);
    return "recorded";
  };

  const add = (voucher: Port.VoucherRecord): Port.AddResult => {
    if (byId("vouchers", voucher.id) !== undefined) return "added";
    if (voucher.campaignId !== null && byId("campaigns", voucher.campaignId) === undefined) return "gone";
    if (isNameTaken("vouchers", voucher)) return "taken";
    save("vouchers", voucher);
    return "added";
  };

  const put = <K extends Port.EditableKind>(kind: K, write: WriteOf<K>): Port.PutResult => {
    const { record: next, replaces } = write;
    const existingRecord = byId(kind, next.id);
    // After a lost answer the engine repeats the creation of a record that exists already.
    if (existingRecord !== undefined && replaces === null)
      return existingRecord.createdAt === next.createdAt ? "written" : "taken";
    const refusalResult = refusal(kind, write);
    if (refusalResult !== null) return refusalResult;
    save(kind, next);
    if (existingRecord !== undefined && isCampaign(existingRecord) && isCampaign(next))
      updateVoucherDates(existingRecord, next);
    return "written";
  };
  const isCampaign = (record: object): record is Port.Campaign => "joinOnce" in record;
  const updateVoucherDates = (
    old: Port.Campaign,
    { id, startDate, expirationDate, updatedAt }: Port.Campaign,
  ): void => {
    const start = startDate === old.startDate ? {} : { startDate };
    const dates = expirationDate === old.expirationDate ? start : { ...start, expirationDate };
    const affectedVouchers = rows("vouchers").filter((one) => one.campaignId === id && one.publicationId === null);
    if (Object.keys(dates).length > 0)
      save("vouchers", ...affectedVouchers.map((one) => ({ ...one, ...dates, updatedAt, revision: one.revision + 1 })));
  };

  const remove = (kind: Port.EditableKind, id: string): boolean => {
    if (byId(kind, id) === undefined) return false;
    const others = rows(kind).filter((record) => record.id !== id);
    setRows(kind, others);
    const vouchers = rows("vouchers").filter(({ campaignId }) => campaignId !== id);
    setRows("vouchers", vouchers);
    return true;
  };

  const page = <K extends Port.Kind>({ kind, filter, by, descending, after, ...query }: Port.Query<K>) => {
    const compare = (a: Position, b: Position): number => comparePositions(a, b) * (descending ? -1 : 1);
    return rows(kind)
      .filter((record) => matches(kind, filter, record))
      .filter((record) => after === null || compare(positionOf(by, record), after) > 0)
      .sort((a, b) => compare(positionOf(by, a), positionOf(by, b)))
      .slice(query.offset, query.offset + query.limit);
  };

  return {
    batchMax: 1000,
    lanes: 1,
    settle: async (drafts) => commit(drafts, settle),
    record: async (failures) => commit(failures, record),
    add: async (vouchers) => commit(vouchers, add),
    put: async (kind, writes) => commit(writes, (write) => put(kind, write)),
    remove: async (kind, ids) => commit(ids, (id) => remove(kind, id)),
    find: async (kind, refs) => refs.map((ref) => byId(kind, "id" in ref ? ref.id : ownerOf(kind, ref.name)) ?? null),
    page: async (query) => page(query),
    count: async (queries) =>
      queries.map(({ kind, filter }) => rows(kind).filter((record) => matches(kind, filter, record)).length),
  };
};
