/* Linked into every C program under test: a pipe gets each line at once, as a terminal would. */
#include <stdio.h>

__attribute__((constructor)) static void line_buffered(void) { setvbuf(stdout, NULL, _IOLBF, 0); }
