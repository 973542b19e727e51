import { tryInvariants } from "./properties.ts";

tryInvariants("UNIQUE", "CONSERVED", "WHOLE", "EMPTY");
