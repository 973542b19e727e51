import type { History, StoredPublication } from "./history.ts";

/** The values that occur more than once. */
export const repeated = (values: readonly string[]): readonly string[] => {
  const [seen, twice] = [new Set<string>(), new Set<string>()];
  for (const value of values) (seen.has(value) ? twice : seen).add(value);
  return [...twice];
};

/** No code is in two publications, stored or confirmed. */
export const unique = ({ attempts, stored }: History): readonly string[] => {
  const owners = new Map<string, Set<string>>();
  const owns = (code: string, id: string): void => {
    owners.set(code, (owners.get(code) ?? new Set()).add(id));
  };
  for (const { id, codes } of stored.publications) for (const code of codes) owns(code, id);
  for (const { outcome } of attempts) {
    if (outcome?.type === "acknowledged") for (const code of outcome.codes) owns(code, outcome.id);
    if (outcome?.type === "unknown") for (const code of outcome.resolved ?? []) owns(code, outcome.id);
  }
  return [
    ...[...owners].flatMap(([code, ids]) => (ids.size > 1 ? [`${code} is in ${[...ids].join(" and ")}`] : [])),
    ...repeated(stored.claims.map(({ voucherId }) => voucherId)).map((id) => `${id} was claimed twice`),
    ...stored.publications.flatMap(({ id, voucherIds }) =>
      repeated(voucherIds).map((voucherId) => `${voucherId} is twice in ${id}`),
    ),
  ];
};

const pairs = (publications: readonly StoredPublication[]): readonly string[] =>
  publications.flatMap(({ id, voucherIds, codes }) =>
    voucherIds.map((voucher, n) => `${voucher} ${codes[n]} of ${id}`),
  );

const notIn = (some: readonly string[], others: readonly string[], where: string): readonly string[] => {
  const otherSet = new Set(others);
  return some.filter((one) => !otherSet.has(one)).map((one) => `${one} is not among the ${where}`);
};

/** No voucher is lost or invented: publications, vouchers and claims agree. */
export const conserved = ({ stored, supply, finalState }: History): readonly string[] => {
  const publishedPairs = pairs(stored.publications);
  const voucherPairs = stored.vouchers.flatMap(({ id, code, publicationId }) =>
    publicationId === null ? [] : [`${id} ${code} of ${publicationId}`],
  );
  const claimPairs = stored.claims.map(
    ({ voucherId, code, publicationId }) => `${voucherId} ${code} of ${publicationId}`,
  );
  const totals = Map.groupBy(stored.vouchers, ({ campaign }) => campaign ?? "");
  return [
    ...notIn(publishedPairs, voucherPairs, "vouchers"),
    ...notIn(voucherPairs, publishedPairs, "publications"),
    ...notIn(publishedPairs, claimPairs, "claims"),
    ...notIn(claimPairs, publishedPairs, "publications"),
    ...Object.entries(supply).flatMap(([campaign, amount]) => {
      const rows = totals.get(campaign) ?? [];
      const published = rows.filter(({ publicationId }) => publicationId !== null).length;
      const isComplete = campaign === "growing" ? rows.length >= amount : rows.length === amount;
      const summary = finalState.pools[campaign];
      return [
        ...(isComplete ? [] : [`${campaign} has ${rows.length} vouchers, and was created with ${amount}`]),
        ...(summary === undefined || (summary.total === rows.length && summary.published === published)
          ? []
          : [`${campaign} has the summary ${JSON.stringify(summary)}, and has ${published} of ${rows.length}`]),
      ];
    }),
    ...(finalState.successes === stored.publications.length
      ? []
      : [`${finalState.successes} publications are counted, and ${stored.publications.length} are stored`]),
  ];
};

/** Each publication is stored whole. */
export const whole = ({ attempts, stored }: History): readonly string[] => {
  const requests = new Map(attempts.map(({ name, request }) => [name, request]));
  const ids = new Set(stored.publications.map(({ id }) => id));
  const keys = new Map<string, number>();
  for (const id of stored.keyOwners) keys.set(id, (keys.get(id) ?? 0) + 1);
  return [
    ...stored.publications.flatMap(({ id, attempt, codes, voucherIds, customer, sourceId }) => {
      const request = requests.get(attempt);
      if (request === undefined) return [`${id} belongs to no request`];
      const expectedKeys = (request.sourceId === null ? 0 : 1) + (request.campaign === "once" ? 1 : 0);
      return [
        ...(codes.length === request.count && voucherIds.length === request.count
          ? []
          : [`${id} has ${codes.length} codes of ${request.count}`]),
        ...(customer === request.customer ? [] : [`${id} is ${customer}'s and not ${request.customer}'s`]),
        ...(sourceId === request.sourceId ? [] : [`${id} has the source id ${sourceId}`]),
        ...((keys.get(id) ?? 0) === expectedKeys ? [] : [`${id} has ${keys.get(id) ?? 0} keys of ${expectedKeys}`]),
      ];
    }),
    ...[...keys.keys()].filter((id) => !ids.has(id)).map((id) => `${id} owns a key, and is not stored`),
  ];
};
