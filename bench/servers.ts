import { postgresRepository } from "oncecode/postgres";
import { startPostgres } from "../test/servers/postgres.ts";
import { engineWith, publishing } from "./load.ts";
import { postgresBaseline } from "./postgres-baseline.ts";

/**
 * The README's figures of servers, each a private one that waits for its disk: `npm run figures:servers`. Rounds
 * alternate between what is compared, and the median of the rounds is printed.
 */
const ROUNDS = 3;
const CALLERS = 64;
const VOUCHERS = 200_000;
const [MANY, FEW] = [8000, 500];

const median = (all: readonly number[]): number => all.toSorted((a, b) => a - b)[all.length >> 1] ?? Number.NaN;

interface Contender {
  readonly name: string;
  publishing(count: number, callers: number): Promise<number>;
}

const race = async (title: string, ours: Contender, hand: Contender): Promise<void> => {
  for (const [callers, count] of [
    [CALLERS, MANY],
    [1, FEW],
  ] as const) {
    const speeds = new Map([ours, hand].map((one) => [one.name, [] as number[]]));
    for (let round = 0; round < ROUNDS; round++)
      for (const one of [ours, hand]) speeds.get(one.name)?.push(await one.publishing(count, callers));
    const [us, them] = [ours, hand].map(({ name }) => median(speeds.get(name) ?? []));
    if (us === undefined || them === undefined) continue;
    const figures = `oncecode ${Math.round(us)}/s, by hand ${Math.round(them)}/s`;
    console.log(`${title}, ${callers} at once: ${figures}, ratio ${(us / them).toFixed(2)}`);
  }
};

const postgres = async (): Promise<void> => {
  const server = await startPostgres({ settings: { shared_buffers: "512MB", max_connections: "200" } });
  try {
    const repository = await postgresRepository({ url: server.url });
    const engine = await engineWith(repository, VOUCHERS);
    const hand = await postgresBaseline(server.url, VOUCHERS, CALLERS);
    await race(
      "PostgreSQL",
      { name: "ours", publishing: (count, callers) => publishing(engine, count, callers, true) },
      { name: "hand", publishing: (count, callers) => hand.publishing(count, callers) },
    );
    await Promise.all([repository.close(), hand.close()]);
  } finally {
    await server.stop();
  }
};

await postgres();
