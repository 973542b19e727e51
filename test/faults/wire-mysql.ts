import { Framing, isCommitStatement, type WireProtocol } from "./wire.ts";

/** Three bytes with the length, and one with a number that starts at 0 for each command. */
const HEADER_LENGTH = 4;
const [QUERY, PREPARE, EXECUTE] = [0x03, 0x16, 0x17];

const lengthOf = (bytes: Buffer): number | null =>
  bytes.length < HEADER_LENGTH ? null : HEADER_LENGTH + bytes.readUIntLE(0, 3);

/**
 * Only the first packet of an answer counts. A commit has no second one. For a claim in one statement, the server sends the
 * first packet after the commit.
 */
export const mysqlWire = (): WireProtocol => {
  const [toServer, toClient] = [new Framing(lengthOf), new Framing(lengthOf)];
  const preparedCommits = new Map<number, boolean>();
  let pendingPrepare: boolean | null = null;

  const isCommit = (packet: Buffer): boolean => {
    if (packet[3] !== 0) return false; // a part of the greeting
    switch (packet[HEADER_LENGTH]) {
      case QUERY:
        return isCommitStatement(packet.toString("utf8", HEADER_LENGTH + 1, HEADER_LENGTH + 200));
      case PREPARE:
        pendingPrepare = isCommitStatement(packet.toString("utf8", HEADER_LENGTH + 1, HEADER_LENGTH + 200));
        return false;
      case EXECUTE:
        return preparedCommits.get(packet.readUInt32LE(HEADER_LENGTH + 1)) ?? false;
      default:
        return false;
    }
  };

  return {
    fromClient: (bytes) => toServer.split(bytes).map((one) => ({ bytes: one, isCommit: isCommit(one), isLast: true })),
    fromServer: (bytes) =>
      toClient.split(bytes).map((one) => {
        // The answer to PREPARE: OK, and the statement's number for later commands.
        if (pendingPrepare !== null && one[3] === 1 && one[HEADER_LENGTH] === 0 && one.length >= HEADER_LENGTH + 5)
          preparedCommits.set(one.readUInt32LE(HEADER_LENGTH + 1), pendingPrepare);
        if (one[3] === 1) pendingPrepare = null;
        return { bytes: one, isCommit: false, isLast: one[3] === 1 };
      }),
  };
};
