/** 0: all went well. 1: it did not, or the check failed. 2: an argument or a file is unusable. 130: stopped by Ctrl-C. */
export type ExitCode = 0 | 1 | 2 | 130;
