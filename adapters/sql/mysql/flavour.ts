/** The differences between MariaDB and MySQL. */
export interface Flavour {
  /** A collation that compares by code point, and that does not ignore spaces at the end. */
  readonly collation: string;
  /**
   * Whether the transaction is still open. A Galera node that rolls a transaction back while it prepares a statement reports no
   * error (seen with MariaDB 10.11): the next statement would be committed on its own. MySQL has no such variable.
   */
  readonly transactionOpenCondition: string;
}

export const MARIADB: Flavour = {
  collation: "utf8mb4_nopad_bin",
  transactionOpenCondition: "(@@in_transaction = 1 or @@autocommit = 0)",
};
export const MYSQL: Flavour = { collation: "utf8mb4_0900_bin", transactionOpenCondition: "true" };
