import type { PooledPostgresClient, PostgresPool, PostgresStatement } from "oncecode/postgres";

/** A pool that calls `onStatement` before each statement. */
export const observePool = (pool: PostgresPool, onStatement: (statement: PostgresStatement) => void): PostgresPool => ({
  on: (event, listener) => pool.on(event, listener),
  connect: async (): Promise<PooledPostgresClient> => {
    const client = await pool.connect();
    return {
      query: (statement) => {
        onStatement(statement);
        return client.query(statement);
      },
      release: (destroy) => client.release(destroy),
      on: (event, listener) => client.on(event, listener),
      removeListener: (event, listener) => client.removeListener(event, listener),
    };
  },
});
