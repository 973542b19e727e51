import { testInvariants } from "./properties.ts";

testInvariants("UNIQUE", "CONSERVED", "WHOLE", "EMPTY");
