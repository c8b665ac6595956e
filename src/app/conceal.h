/* What others on this machine could see of a process by itself: its memory, should it end badly,
 * and the words it was called with. */
#pragma once

/* No core is dumped, and nobody of the same user reads the memory or the environment: only root
 * does. */
void conceal_memory(void);

/* A copy of the arguments in memory of their own, ended by NULL, for the program to read; then the
 * secrets among those that the list of processes shows are written over: the values of settings
 * that are secrets, and passwords in URLs. NULL when there is no memory: then nothing was changed.
 * The caller frees it, which is all of it. */
char **conceal_arguments(int count, char **arguments);
