# Loaded before every Perl program under test: a pipe gets everything at once, as a terminal would.
package Unbuffered;
$| = 1;
1;
