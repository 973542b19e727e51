import * as E from "fp-ts/lib/Either.js";
import { pipe } from "fp-ts/lib/function.js";
import * as TE from "fp-ts/lib/TaskEither.js";
import { where } from "oncecode";
import { createEngine, parseFilters, type TaskEitherEngine } from "oncecode/fp";
import { describe, expect, it } from "vitest";
import { createCampaignWithCodes, createFixture, DISCOUNT, type Fixture, toArray } from "./support/fixture.ts";
import { engineStores } from "./support/stores.ts";

const right = <A>(either: E.Either<unknown, A>): A =>
  E.isRight(either) ? either.right : expect.fail(JSON.stringify(either.left));

const taskEitherEngine = ({ repository }: Fixture): TaskEitherEngine => right(createEngine({ repository }));

describe.each(engineStores)("the engine with errors as values on %s", (_, open) => {
  it("composes with pipe", async () => {
    const fixture = await createFixture(open);
    const { campaigns, publications, vouchers } = taskEitherEngine(fixture);
    const publish = pipe(
      campaigns.create({ name: "spring", voucher: DISCOUNT, vouchersCount: 2 }),
      TE.flatMap(({ name }) => publications.create({ campaign: name, customer: "shop-1" })),
      TE.flatMap(({ codes }) => vouchers.get(codes[0] ?? "")),
      TE.map(({ publish: { count } }) => count),
    );
    expect(await publish()).toEqual(E.right(1));
  });

  it("does nothing until it is run, and runs again when run again", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    const publish = taskEitherEngine(fixture).publications.create({ campaign: "spring", customer: "shop-1" });
    expect(await fixture.publications.count()).toBe(0);
    const [one, other] = [right(await publish()), right(await publish())];
    expect([...one.codes, ...other.codes].toSorted()).toEqual(["A", "B"]);
    expect(await fixture.publications.count()).toBe(2);
  });

  it("returns the value that a promise would have", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B"]);
    const publication = await fixture.publications.create({ campaign: "spring", customer: "shop-1" });
    const { campaigns, customers, publications, vouchers } = taskEitherEngine(fixture);
    expect(await publications.resolve(publication.id)()).toEqual(E.right(publication));
    expect(await vouchers.get("A")()).toEqual(E.right(await fixture.vouchers.get("A")));
    expect(await customers.get("shop-1")()).toEqual(E.right(await fixture.customers.get("shop-1")));
    expect(await campaigns.summary("spring")()).toEqual(E.right(await fixture.campaigns.summary("spring")));
    expect(await publications.count()()).toEqual(E.right(1));
  });

  it("returns errors as plain values", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", []);
    const { campaigns, publications } = taskEitherEngine(fixture);
    const failed = await publications.create({ campaign: "spring", customer: "shop-1" })();
    expect(failed).toMatchObject(E.left({ code: "no_voucher_suitable_for_publication" }));
    expect(E.isLeft(failed) && failed.left instanceof Error).toBe(false);
    expect(await campaigns.get("autumn")()).toMatchObject(
      E.left({ code: "not_found", resource: "campaign", id: "autumn" }),
    );
    expect(await publications.create({} as never)()).toMatchObject(E.left({ code: "missing_vouchers" }));
  });

  it("lists pages with a lazy total, and iterates over Eithers", async () => {
    const fixture = await createFixture(open);
    await createCampaignWithCodes(fixture.engine, "spring", ["A", "B", "C"]);
    for (let i = 0; i < 3; i++) await fixture.publications.create({ campaign: "spring", customer: "shop-1" });
    const { publications } = taskEitherEngine(fixture);
    const page = right(await publications.list({ limit: 2 })());
    expect(page.data).toHaveLength(2);
    expect(await page.total()()).toEqual(E.right(3));
    expect(right(await publications.list({ limit: 2, cursor: page.next })()).next).toBeNull();

    const filters = where("channel").is("API");
    const items = await toArray(publications.iterate({ filters, order: "createdAt" }));
    expect(items).toEqual((await fixture.publications.list({ order: "createdAt" })).data.map(E.right));
    expect(await toArray(publications.iterate({ result: "success" as "SUCCESS" }))).toMatchObject([
      E.left({ code: "invalid_query_params", path: "result" }),
    ]);
  });

  it("reports a wrong option and a wrong filter", () => {
    expect(createEngine({ repository: {} as never })).toMatchObject(E.left({ code: "invalid_payload" }));
    expect(parseFilters({ colour: { conditions: { $is: "red" } } })).toMatchObject(
      E.left({ code: "invalid_query_params" }),
    );
    expect(E.isRight(parseFilters({ channel: { conditions: { $is: "API" } } }))).toBe(true);
  });
});
