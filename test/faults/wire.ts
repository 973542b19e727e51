/** A whole message on a connection. */
export interface Message {
  readonly bytes: Buffer;
  /** Whether a message to the server commits. */
  readonly isCommit: boolean;
  /** Whether the message is the last one of a request or of an answer. */
  readonly isLast: boolean;
}

/** Parses the bytes of one connection, as far as faults need it. */
export interface WireProtocol {
  fromClient(bytes: Buffer): readonly Message[];
  fromServer(bytes: Buffer): readonly Message[];
}

/** Whether a statement commits: a claim in one statement, or the end of a transaction. */
export const isCommitStatement = (statement: string): boolean =>
  /^\s*commit\b/i.test(statement) || /^\s*with "input (claims|drafts)" as\b/i.test(statement);

/** Splits bytes into whole messages, and keeps the rest. `lengthOf` is null if the header is incomplete. */
export class Framing {
  readonly #lengthOf: (bytes: Buffer) => number | null;
  #rest: Buffer = Buffer.alloc(0);

  constructor(lengthOf: (bytes: Buffer) => number | null) {
    this.#lengthOf = lengthOf;
  }

  split(bytes: Buffer): readonly Buffer[] {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const messages: Buffer[] = [];
    for (;;) {
      const length = this.#lengthOf(rest);
      if (length === null || length > rest.length) break;
      messages.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    this.#rest = rest;
    return messages;
  }
}
