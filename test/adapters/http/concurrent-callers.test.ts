import type { Draft, Repository, Settlement, VoucherRecord } from "oncecode";
import { memoryRepository } from "oncecode/memory";
import { describe, expect, it } from "vitest";
import { settleEach, settleSingle } from "../../conformance/broken/alter.ts";
import { APP_HEADERS, createApi, listen } from "../../support/http-api.ts";
import { engineStores, type Open } from "../../support/stores.ts";
import { campaignBody, serverClient } from "./sdk/clients.ts";

const CODES = 500;
const CLIENTS = 32;
const REQUESTS = 640;

const publish = async (client: ReturnType<typeof serverClient>, i: number): Promise<unknown> => {
  const request = { campaign: { name: "last" }, customer: { source_id: `shop-${i}` } };
  return client.distributions.publications.create(request).catch((error: unknown) => error);
};

/** Publishes from many clients. Returns each answer: a publication, or the client's error. */
const publishFromAllClients = async (url: string): Promise<readonly unknown[]> => {
  const answers = Array.from({ length: CLIENTS }, async (_, first) => {
    const client = serverClient(url);
    const own: unknown[] = [];
    for (let i = first; i < REQUESTS; i += CLIENTS) own.push(await publish(client, i));
    return own;
  });
  return (await Promise.all(answers)).flat();
};

interface Published {
  readonly result: "SUCCESS";
  readonly tracking_id: string;
  readonly voucher: { readonly code: string };
}
const isPublished = (answer: unknown): answer is Published =>
  typeof answer === "object" && answer !== null && "result" in answer && answer.result === "SUCCESS";

/** The only allowed error: the vouchers have run out. */
const isOutOfVouchers = (answer: unknown): boolean =>
  answer instanceof Error &&
  Reflect.get(answer, "code") === 400 &&
  Reflect.get(answer, "key") === "no_voucher_suitable_for_publication";

const codesOf = (answers: readonly unknown[]): readonly string[] =>
  answers.filter(isPublished).map(({ voucher }) => voucher.code);

/** The errors in the answers. */
const findErrors = (answers: readonly unknown[]): readonly string[] => {
  const codes = codesOf(answers);
  const twice = codes.filter((code, i) => codes.indexOf(code) < i).map((code) => `${code} was published twice`);
  const strange = answers.filter((answer) => !isPublished(answer) && !isOutOfVouchers(answer)).map(String);
  const wrongCount = [
    ...(answers.length === REQUESTS ? [] : [`${answers.length} of ${REQUESTS} requests were answered`]),
    ...(codes.length === CODES ? [] : [`${codes.length} publications of ${CODES} codes`]),
  ];
  return [...twice, ...strange, ...wrongCount];
};

const startWithCampaign = async (open: Open) => {
  const { handler, engine } = await createApi({ open });
  const url = await listen(handler);
  const client = serverClient(url);
  const { id } = await client.campaigns.create(campaignBody("last", { vouchers_count: CODES }));
  return { url, client, engine, id };
};

const listPublications = async ({ distributions }: ReturnType<typeof serverClient>, result: "SUCCESS" | "FAILURE") => {
  const pages = Array.from({ length: 10 }, (_, i) =>
    distributions.publications.list({ result, order: "voucher_code", limit: 100, page: i + 1 }),
  );
  return (await Promise.all(pages)).flatMap(({ publications }) => publications ?? []);
};

describe.each(engineStores.filter(([name]) => name !== "memory"))(
  "many concurrent callers over HTTP on %s",
  (_, open) => {
    it("get the last 500 codes of a campaign, each code once", async () => {
      const { url, client, id } = await startWithCampaign(open);
      const answers = await publishFromAllClients(url);
      expect(findErrors(answers)).toEqual([]);

      const summary = await fetch(`${url}/v1/campaigns/${id}/summary`, { headers: APP_HEADERS });
      expect(await summary.json()).toMatchObject({
        vouchers: CODES,
        vouchers_published: CODES,
        vouchers_available: 0,
        publications: REQUESTS,
        publications_succeeded: CODES,
        publications_failed: REQUESTS - CODES,
      });
      const answered = answers.filter(isPublished).map(({ tracking_id, voucher }) => `${tracking_id} ${voucher.code}`);
      const publications = await listPublications(client, "SUCCESS");
      const recorded = publications.map(({ tracking_id, voucher }) => `${tracking_id} ${voucher?.code}`);
      expect(recorded.toSorted()).toEqual(answered.toSorted());
      expect(await listPublications(client, "FAILURE")).toHaveLength(REQUESTS - CODES);
    });
  },
);

/** Every fortieth draft gets the codes of an earlier one. */
const publishesTwice = (repository: Repository): Repository => {
  let drafts = 0;
  let last: VoucherRecord | undefined;
  return settleEach(async (inner, draft: Draft): Promise<Settlement> => {
    drafts += 1;
    if (last !== undefined && drafts % 40 === 0) {
      const publication = { ...draft.publication, codes: [last.code], voucherIds: [last.id] };
      return { type: "published", publication, vouchers: [last] };
    }
    const settlement = await settleSingle(inner, draft);
    if (settlement.type === "published") last = settlement.vouchers[0];
    return settlement;
  })(repository);
};

describe("many concurrent callers over HTTP", () => {
  it("find no error in the memory repository", async () => {
    const { url } = await startWithCampaign(async () => memoryRepository());
    expect(findErrors(await publishFromAllClients(url))).toEqual([]);
  });

  it("find the error of a repository that publishes a code twice", async () => {
    const { url } = await startWithCampaign(async () => publishesTwice(memoryRepository()));
    const wrong = findErrors(await publishFromAllClients(url));
    expect(wrong).toContainEqual(expect.stringMatching(/^\w+ was published twice$/));
    expect(wrong).toContainEqual(expect.stringMatching(/publications of 500 codes$/));
  });
});
