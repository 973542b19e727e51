import { randomBytes, randomUUID } from "node:crypto";

/** Node creates random UUIDs in batches, so that one costs little. */
const hex = (digits: number): string => randomUUID().replaceAll("-", "").slice(0, digits);

/** Ids of the contract have a prefix and hexadecimal digits (1.11, 1.12). */
export const newRequestId = (): string => `v-${hex(18)}`;
export const newActionId = (): string => `aa_${hex(18)}`;
export const newExportId = (): string => `exp_${hex(24)}`;

/** 192 random bits, so that nobody can guess it. */
export const newSecret = (): string => randomBytes(24).toString("base64url");
