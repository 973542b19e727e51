import { Framing, isDecisive, type Wire } from "./wire.ts";

/** Three bytes of length and a number that starts anew with each command. */
const HEAD = 4;
const [QUERY, PREPARE, EXECUTE] = [0x03, 0x16, 0x17];

const lengthOf = (bytes: Buffer): number | null => (bytes.length < HEAD ? null : HEAD + bytes.readUIntLE(0, 3));

/**
 * The first packet of an answer is taken for all of it: a commit has no other. Of a claim in one statement it would be the
 * start, which the server sends no sooner than the claim is kept.
 */
export const mysqlWire = (): Wire => {
  const [toServer, toClient] = [new Framing(lengthOf), new Framing(lengthOf)];
  const decisive = new Map<number, boolean>();
  let preparing: boolean | null = null;

  const decides = (packet: Buffer): boolean => {
    if (packet[3] !== 0) return false; // It belongs to the greeting.
    switch (packet[HEAD]) {
      case QUERY:
        return isDecisive(packet.toString("utf8", HEAD + 1, HEAD + 200));
      case PREPARE:
        preparing = isDecisive(packet.toString("utf8", HEAD + 1, HEAD + 200));
        return false;
      case EXECUTE:
        return decisive.get(packet.readUInt32LE(HEAD + 1)) ?? false;
      default:
        return false;
    }
  };

  return {
    fromClient: (bytes) => toServer.split(bytes).map((one) => ({ bytes: one, decides: decides(one), ends: true })),
    fromServer: (bytes) =>
      toClient.split(bytes).map((one) => {
        // The answer to PREPARE: OK, and the number that the statement goes by from now on.
        if (preparing !== null && one[3] === 1 && one[HEAD] === 0 && one.length >= HEAD + 5)
          decisive.set(one.readUInt32LE(HEAD + 1), preparing);
        if (one[3] === 1) preparing = null;
        return { bytes: one, decides: false, ends: one[3] === 1 };
      }),
  };
};
