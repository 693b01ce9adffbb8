#pragma once

namespace gatehouse::bench {

// Starts the program with its window in this process and measures it from within.
int tour(int argc, char **argv);

} // namespace gatehouse::bench
