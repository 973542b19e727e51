import { createClient } from "redis";
import { publishOneByOne, type Request, type Subject } from "../subjects/subject.ts";
import { noCodesLeftError } from "./draws.ts";
import { insertPublication } from "./postgres-record.ts";
import { countPublished, openSchema } from "./postgres-schema.ts";

const CHUNK = 10_000;

/**
 * The codes are in a Redis set, the records in PostgreSQL. No code is published twice. If the process ends in between, or the
 * record fails, the popped codes are lost. Vouchers have no rows: only the records say which customer has a code.
 */
export const redisPop = (redisUrl: string, postgresUrl: string): Subject => ({
  name: "Redis SPOP, then PostgreSQL",
  batchSize: 1,
  mayRepeatCodes: false,
  open: async (options) => {
    const { name: key, pool, close } = await openSchema(postgresUrl, options);
    // One connection is enough: it sends the commands of concurrent callers together.
    const redis = await createClient({ url: redisUrl }).connect();
    for (let from = 0; from < options.vouchers; from += CHUNK) {
      const size = Math.min(CHUNK, options.vouchers - from);
      await redis.sAdd(
        key,
        Array.from({ length: size }, (_, i) => `CODE-${(from + i).toString(36).padStart(11, "0")}`),
      );
    }

    const takeCodes = async ({ code, count }: Request): Promise<readonly string[]> => {
      if (code !== null) return (await redis.sRem(key, code)) === 1 ? [code] : [];
      const codes = await redis.sPopCount(key, count);
      if (codes.length === count) return codes;
      if (codes.length > 0) await redis.sAdd(key, codes);
      return [];
    };

    const publishOne = async (request: Request): Promise<readonly string[]> => {
      const codes = await takeCodes(request);
      if (codes.length < request.count) throw noCodesLeftError(request);
      await insertPublication(pool, request, codes);
      return codes;
    };

    return {
      codes: (count) => redis.sRandMemberCount(key, count),
      publish: publishOneByOne(publishOne),
      tally: async () => ({ ...(await countPublished(pool)), left: await redis.sCard(key) }),
      close: async () => {
        await redis.del(key);
        await Promise.all([redis.close(), close()]);
      },
    };
  },
});
