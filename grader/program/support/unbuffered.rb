# Loaded before every Ruby program under test: a pipe gets everything at once, as a terminal would.
$stdout.sync = true
